import type { Content } from '../../../contract/readymade.ts'
import { type Audience, wrongVariables } from './rules-variables.ts'

/** What a ready-made thing refers to, and where in it; and which texts it has, for whose eyes. */
export type RefKind = 'team' | 'category' | 'status' | 'person' | 'task-template' | 'readymade'
export type Ref = { kind: RefKind; id: string; path: string }

export function referencesOf(content: Content): Ref[] {
  const found: Ref[] = []
  const put = (kind: RefKind, id: string | null | undefined, path: string) => {
    if (id !== null && id !== undefined && id !== 'me') found.push({ kind, id, path })
  }
  if (content.kind === 'macro')
    for (const [i, step] of content.steps.entries()) {
      const at = (field: string) => `content.steps.${i}.${field}`
      if (step.do === 'status' || step.do === 'wait') put('status', step.statusId, at('statusId'))
      if (step.do === 'category') put('category', step.categoryId, at('categoryId'))
      if (step.do === 'team') put('team', step.teamId, at('teamId'))
      if (step.do === 'assignee') put('person', step.assigneeId, at('assigneeId'))
      if (step.do === 'tasks') put('task-template', step.templateId, at('templateId'))
    }
  if (content.kind === 'template' || content.kind === 'model') {
    put('category', content.categoryId, 'content.categoryId')
    put('team', content.teamId, 'content.teamId')
    put('task-template', content.taskTemplateId, 'content.taskTemplateId')
  }
  if (content.kind === 'model') put('readymade', content.guideId, 'content.guideId')
  if (content.kind === 'guide') put('category', content.categoryId, 'content.categoryId')
  return found
}

/** Models and guides are offered by category. */
export const categoryOf = (content: Content): string | null =>
  content.kind === 'model' || content.kind === 'guide' ? content.categoryId : null

type Text = { path: string; text: string; audience: Audience }
const both = (path: string, words: { en: string; de: string }, audience: Audience): Text[] =>
  (['en', 'de'] as const).map((language) => ({ path: `${path}.${language}`, text: words[language], audience }))

export function textsOf(content: Content): Text[] {
  switch (content.kind) {
    case 'macro':
      return content.steps.flatMap((step, i) => {
        const path = `content.steps.${i}.text`
        if (step.do === 'reply') return both(path, step.text, 'everyone')
        if (step.do === 'note') return both(path, step.text, 'staff')
        // The resolution is the requester's to read as soon as somebody tells it.
        return step.do === 'resolve' ? both(path, step.text, 'everyone') : []
      })
    case 'snippet':
      return both('content.text', content.text, content.audience)
    case 'template':
    case 'model':
      return [...both('content.subject', content.subject, 'everyone'), ...both('content.body', content.body, 'everyone')]
    case 'guide':
      return content.questions.flatMap((question, i) => both(`content.questions.${i}.text`, question.text, 'staff'))
  }
}

/** Every variable that may not stand where it stands, by the field that it stands in. */
export function wrongTexts(content: Content): { path: string; code: string; message: string }[] {
  return textsOf(content).flatMap(({ path, text, audience }) =>
    wrongVariables(text, audience).map(({ name, code }) => ({
      path,
      code,
      message:
        code === 'internal_variable'
          ? `{{${name}}} is for colleagues only: use it in a note, not in what a requester reads.`
          : `There is no variable {{${name}}}. Choose one from the list.`,
    })),
  )
}
