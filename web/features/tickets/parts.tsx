import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react'
import type { Ticket } from '../../../contract/tickets.ts'

/**
 * What other features show beside a ticket, in this order; each is loaded when a panel first shows it. A new part is one
 * line: { key: 'tasks', Part: part(() => import('../tasks/TaskPart.tsx'), 'TaskPart') }.
 */
type Shown = ComponentType<{ ticket: Ticket }>
const part = <K extends string>(load: () => Promise<Record<K, Shown>>, name: K): LazyExoticComponent<Shown> =>
  lazy(async () => ({ default: (await load())[name] }))

const sideParts: { key: string; Part: LazyExoticComponent<Shown> }[] = [
  // What rings, and what somebody waits to hear about, is not looked for.
  { key: 'paging', Part: part(() => import('../paging/PagePart.tsx'), 'PagePart') },
  { key: 'escalations', Part: part(() => import('../tiers/EscalationPart.tsx'), 'EscalationPart') },
  { key: 'clocks', Part: part(() => import('../sla/ClockPart.tsx'), 'ClockPart') },
  { key: 'alerts', Part: part(() => import('../alerts/AlertPart.tsx'), 'AlertPart') },
  { key: 'survey', Part: part(() => import('../surveys/SurveyPart.tsx'), 'SurveyPart') },
  { key: 'holdings', Part: part(() => import('../routing/HoldingPart.tsx'), 'HoldingPart') },
  { key: 'links', Part: part(() => import('../relations/LinkedPart.tsx'), 'LinkedPart') },
  { key: 'fields', Part: part(() => import('../fields/FieldsPart.tsx'), 'FieldsPart') },
  { key: 'verification', Part: part(() => import('../verification/VerificationPart.tsx'), 'VerificationPart') },
  { key: 'call-back', Part: part(() => import('../calls/CallBackPart.tsx'), 'CallBackPart') },
  { key: 'help', Part: part(() => import('../help/HelpPart.tsx'), 'HelpPart') },
  { key: 'sides', Part: part(() => import('../sides/SidePart.tsx'), 'SidePart') },
  { key: 'tasks', Part: part(() => import('../tasks/TaskPart.tsx'), 'TaskPart') },
  { key: 'visits', Part: part(() => import('../visits/VisitPart.tsx'), 'VisitPart') },
  { key: 'time', Part: part(() => import('../timekeeping/TimePart.tsx'), 'TimePart') },
  { key: 'similar', Part: part(() => import('../similar/SimilarPart.tsx'), 'SimilarPart') },
]

export function SideParts({ ticket }: { ticket: Ticket }) {
  return sideParts.map(({ key, Part }) => (
    <Suspense key={key} fallback={null}>
      <Part ticket={ticket} />
    </Suspense>
  ))
}
