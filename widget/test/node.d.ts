// The little of Node's own modules that the tests use; it spares a dependency on all of their types.
declare module 'node:test' {
  export default function test(name: string, body: () => void | Promise<void>): void;
}
declare module 'node:assert/strict' {
  const assert: {
    equal(actual: unknown, expected: unknown, message?: string): void;
    deepEqual(actual: unknown, expected: unknown, message?: string): void;
    match(actual: string, pattern: RegExp): void;
    ok(value: unknown, message?: string): void;
  };
  export default assert;
}
declare module 'node:crypto' {
  export function createHash(name: 'sha256'): {
    update(text: string): { digest(): { readUInt32BE(at: number): number } };
  };
}
