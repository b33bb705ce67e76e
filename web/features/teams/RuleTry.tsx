import { type SyntheticEvent, useState } from 'react'
import type { RoutingRule } from '../../../contract/desk.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FormProblem, SelectField, TextArea, TextField } from '../../ui/Fields.tsx'
import { Section } from '../../ui/Page.tsx'
import { ruleTexts } from './rule-texts.ts'
import styles from './Teams.module.css'

/** Which rule would take a ticket like this; the rule is marked in the list. */
export function RuleTry({ onHit }: { onHit: (id: string | undefined) => void }) {
  const t = useTexts(ruleTexts)
  const form = useForm({ subject: '', body: '', mailboxId: null as string | null })
  const [answer, setAnswer] = useState<{ rule: RoutingRule | null }>()
  const mailboxes = useCall('GET /api/mailboxes').data?.items ?? []
  const tryIt = useSend('POST /api/routing-rules/try', {
    onDone: (found) => {
      setAnswer(found)
      onHit(found.rule?.id)
    },
    onProblem: form.take,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    tryIt.mutate({ body: form.values })
  }
  return (
    <Section title={t('tryTitle')} lead={t('tryLead')}>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField label={t('subject')} {...form.text('subject')} />
        <TextArea label={t('body')} {...form.text('body')} />
        {mailboxes.length > 0 && (
          <SelectField
            label={t('mailbox')}
            placeholder={t('any')}
            clearable
            options={mailboxes.map((m) => ({ value: m.id, label: m.name }))}
            {...form.value('mailboxId')}
          />
        )}
        <FormProblem text={form.problem} />
        <Button type="submit" wide busy={tryIt.isPending}>
          {t('tryIt')}
        </Button>
      </form>
      <div className={styles.answer} data-hit={answer?.rule ? true : undefined} role="status">
        {answer && (answer.rule ? t('hit', { rule: answer.rule.name, team: answer.rule.team.name }) : t('miss'))}
      </div>
    </Section>
  )
}
