import type { Content, Step } from '../../../contract/readymade.ts'

/** What is being written: the content itself, whole from the beginning, so that each field has something to show. */
export type Draft = Content
export type StepDraft = Step
export type Question = Extract<Content, { kind: 'guide' }>['questions'][number]
export type FieldsOf<K extends Draft['kind']> = {
  draft: Extract<Draft, { kind: K }>
  issues: Record<string, string>
  onChange: (draft: Draft) => void
}
const empty = { en: '', de: '' }

export const draftOf = (content: Content): Draft => structuredClone(content)

const template = {
  subject: empty,
  body: empty,
  ticketKind: 'incident' as const,
  categoryId: null,
  impact: 1,
  urgency: 1,
  teamId: null,
  tags: [],
  taskTemplateId: null,
}
export function emptyDraft(kind: Content['kind']): Draft {
  switch (kind) {
    case 'macro':
      return { kind, steps: [] }
    case 'snippet':
      return { kind, text: empty, words: '', audience: 'everyone' }
    case 'template':
      return { kind, ...template }
    case 'model':
      return { kind, ...template, guideId: null }
    case 'guide':
      return { kind, categoryId: null, questions: [emptyQuestion()] }
  }
}
export const emptyQuestion = (): Question => ({ text: empty, answer: 'text', choices: [], required: false })

export const stepKinds: readonly Step['do'][] = [
  'reply',
  'note',
  'status',
  'priority',
  'category',
  'team',
  'assignee',
  'tags',
  'kind',
  'tasks',
  'time',
  'wait',
  'resolve',
]
export function emptyStep(what: Step['do']): Step {
  switch (what) {
    case 'status':
      return { do: what, statusId: '' }
    case 'priority':
      return { do: what, priority: 3, reason: '' }
    case 'category':
      return { do: what, categoryId: '' }
    case 'team':
      return { do: what, teamId: '' }
    case 'assignee':
      return { do: what, assigneeId: 'me' }
    case 'kind':
      return { do: what, kind: 'incident' }
    case 'tags':
      return { do: what, add: [], remove: [] }
    case 'reply':
    case 'note':
      return { do: what, text: empty }
    case 'tasks':
      return { do: what, templateId: '' }
    case 'time':
      return { do: what, minutes: 5, note: '' }
    case 'wait':
      return { do: what, statusId: '', days: 3, reason: '' }
    case 'resolve':
      return { do: what, code: 'solved', text: empty, tell: false }
  }
}
