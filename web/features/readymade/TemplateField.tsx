import { useState } from 'react'
import { call } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useLanguage } from '../../kernel/language.ts'
import { SelectField } from '../../ui/Fields.tsx'
import { toastProblem } from '../../ui/Toast.tsx'
import type { NewTicketForm } from '../tickets/new-ticket.ts'
import { useTemplates } from './RecurringSheet.tsx'
import { readymadeTexts } from './texts.ts'
import { usingTexts } from './using-texts.ts'
import { said } from './words.ts'

/** Begins a ticket with a template or model: the form is filled in, and its tasks come with the ticket. */
export function TemplateField({
  form,
  value,
  onChange,
}: {
  form: NewTicketForm
  value: string | null
  onChange: (id: string | null) => void
}) {
  const t = useTexts(usingTexts)
  const kinds = useTexts(readymadeTexts)
  const language = useLanguage()
  const templates = useTemplates()
  const [tasks, setTasks] = useState<string>()
  if (templates.length === 0) return null
  const pick = async (id: string | null) => {
    onChange(id)
    setTasks(undefined)
    if (id === null) return
    const requesterId = form.values.who === 'known' ? form.values.requesterId?.value : undefined
    try {
      const begun = await call('GET /api/readymade/:id/prefill', {
        params: { id },
        query: requesterId === undefined ? {} : { requesterId },
      })
      form.set('subject', begun.subject)
      form.set('body', begun.body)
      form.set('kind', begun.kind)
      form.set('categoryId', begun.categoryId)
      form.set('teamId', begun.teamId)
      form.set('impact', String(begun.impact) as '1')
      form.set('urgency', String(begun.urgency) as '1')
      form.set('tags', begun.tags)
      setTasks(begun.tasks?.name)
    } catch (cause) {
      toastProblem(cause)
    }
  }
  const of = (kind: string, label: string) => ({
    group: label,
    items: templates.filter((one) => one.kind === kind).map((one) => ({ value: one.id, label: said(one.name, language) })),
  })
  const groups = [of('template', kinds('template')), of('model', kinds('model'))].filter((group) => group.items.length > 0)
  return (
    <SelectField
      label={kinds('template_')}
      clearable
      placeholder={t('noTemplate')}
      hint={tasks ? t('templateTasks', { name: tasks }) : undefined}
      options={groups}
      value={value}
      onChange={(id) => void pick(id)}
    />
  )
}
