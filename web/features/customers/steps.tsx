import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import type { StepProps } from './step.ts'

/**
 * The steps of "add a customer", in their order. A feature that comes later adds its own: one line here, its words in
 * path-texts.ts, and on the server the condition that says when it is done (server/features/customers/access-path.ts).
 */
type Step = LazyExoticComponent<ComponentType<StepProps>>
const step = <K extends string>(load: () => Promise<Record<K, ComponentType<StepProps>>>, name: K): Step =>
  lazy(async () => ({ default: (await load())[name] }))

const known = () => import('./known-steps.tsx')
/** Parts of the customer's page, which bring their own headings. */
export const headed: ReadonlySet<string> = new Set(['sites', 'contacts', 'charge', 'documents', 'viewers'])
export const stepScreens: Record<string, Step> = {
  domains: step(() => import('./DomainStep.tsx'), 'DomainStep'),
  sites: step(known, 'SiteStep'),
  contacts: step(known, 'ContactStep'),
  charge: step(known, 'ChargeStep'),
  routing: step(() => import('./RoutingStep.tsx'), 'RoutingStep'),
  documents: step(known, 'DocumentStep'),
  viewers: step(() => import('./ViewerStep.tsx'), 'ViewerStep'),
  handling: step(() => import('./HandlingStep.tsx'), 'HandlingStep'),
}
