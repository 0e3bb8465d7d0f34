'use strict';
// Loaded before the program: koffi is not installed then, as where somebody left optional dependencies out.
const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = function resolveOthers(request, ...rest) {
  if (request === 'koffi') throw new Error("Cannot find module 'koffi'");
  return resolve.call(this, request, ...rest);
};
