export function fingerprintSources(): string;
export function isBuildCurrent(): boolean;
export function rememberBuild(fingerprint: string): void;
