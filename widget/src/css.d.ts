// The build hands a style sheet over as one minified string.
declare module '*.css' {
  const sheet: string;
  export default sheet;
}
