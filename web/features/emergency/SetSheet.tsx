import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { EmergencyQuestion, EmergencySet } from '../../../contract/emergency.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { useCompany } from '../../kernel/session.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import type { Option } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { OrganisationPick } from '../people/picks.tsx'
import { issuesByPath } from '../readymade/words.ts'
import { bodyOf, draftOf, newQuestion } from './drafts.ts'
import { QuestionFields } from './QuestionFields.tsx'
import { emergencyTexts } from './texts.ts'

const renews = ['GET /api/emergency/sets', 'GET /api/emergency/questions'] as const
type Props = { set?: EmergencySet; first: readonly EmergencyQuestion[]; onClose: () => void }

export function SetSheet({ set, first, onClose }: Props) {
  const t = useTexts(emergencyTexts)
  const customers = useCompany()?.supports === 'customers'
  const [issues, setIssues] = useState<Record<string, string>>({})
  const form = useForm({ organisationId: null as Option | null, questions: first.map(draftOf) })
  const { questions } = form.values
  const onProblem = (cause: unknown) => {
    setIssues(issuesByPath(cause))
    form.take(cause)
  }
  const onDone = () => {
    toast(t('saved'))
    onClose()
  }
  const add = useSend('POST /api/emergency/sets', { renews, onDone, onProblem })
  const edit = useSend('PATCH /api/emergency/sets/:id', { renews, onDone, onProblem })
  const save = () => {
    const body = { questions: questions.map(bodyOf) }
    if (set) edit.mutate({ params: { id: set.id }, ifMatch: set.version, body })
    else add.mutate({ body: { ...body, organisationId: form.values.organisationId?.value ?? '' } })
  }
  const wrong = (n: number) => Object.entries(issues).find(([path]) => path.startsWith(`questions.${n}.`))?.[1]
  const raise = (n: number) => {
    const next = [...questions]
    next.splice(n - 1, 0, ...next.splice(n, 1))
    form.set('questions', next)
  }
  const name = set?.organisation?.name
  return (
    <FormSheet
      title={set ? (name ? t('ofOrganisation', { name }) : t('ofDesk')) : t('newSet')}
      busy={add.isPending || edit.isPending}
      problem={form.problem}
      values={form.values}
      aside={set?.organisation && <Remove set={set} onDone={onClose} />}
      onSave={save}
      onClose={onClose}
    >
      {!set && <OrganisationPick label={t(customers ? 'customer' : 'organisation')} autoFocus {...form.value('organisationId')} />}
      {questions.map((question, n) => (
        <QuestionFields
          key={question.key}
          nth={n + 1}
          question={question}
          problem={wrong(n)}
          onChange={(next) =>
            form.set(
              'questions',
              questions.map((one) => (one.key === question.key ? next : one)),
            )
          }
          onUp={n > 0 ? () => raise(n) : undefined}
          onRemove={() =>
            form.set(
              'questions',
              questions.filter((one) => one.key !== question.key),
            )
          }
        />
      ))}
      {questions.length < 6 && (
        <div>
          <Button icon={<IconPlus size={14} />} onClick={() => form.set('questions', [...questions, newQuestion()])}>
            {t('addQuestion')}
          </Button>
        </div>
      )}
    </FormSheet>
  )
}

function Remove({ set, onDone }: { set: EmergencySet; onDone: () => void }) {
  const t = useTexts(emergencyTexts)
  const [confirm, question] = useConfirm()
  const remove = useSend('DELETE /api/emergency/sets/:id', { renews, onDone, onProblem: toastProblem })
  const ask = async () => {
    const text = t('removeSetAsk', { name: set.organisation?.name ?? '' })
    if (await confirm({ title: t('removeSet'), text, action: t('removeSet'), danger: true })) remove.mutate({ params: { id: set.id } })
  }
  return (
    <>
      <Button look="plain" busy={remove.isPending} onClick={() => void ask()}>
        {t('removeSet')}
      </Button>
      {question}
    </>
  )
}
