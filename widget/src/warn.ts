// Whatever goes wrong is said here and nowhere else.

export const warn = (...why: unknown[]): void => console.warn('lukewarm:', ...why);
