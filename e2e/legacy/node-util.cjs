'use strict';

// The one function of Node's `util` that the old sources use.
exports.inherits = (constructor, parent) => Object.setPrototypeOf(constructor.prototype, parent.prototype);
