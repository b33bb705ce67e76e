import type { CustomerPath } from '../../../contract/customers.ts'
import type { Organisation } from '../../../contract/people.ts'

/** What each step of "add a customer" is given. */
export type StepProps = { organisation: Organisation; path: CustomerPath }
