/**
 * A row together with the right that was checked when it was fetched. Only access functions make one
 * (test/architecture.test.ts refuses the cast elsewhere); actions demand it, so a forgotten check does not compile.
 */
declare const right: unique symbol
export type Granted<Row, R extends string> = Row & { readonly [right]: R }
