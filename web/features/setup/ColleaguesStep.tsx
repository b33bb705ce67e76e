import { IconPlus } from '@tabler/icons-react'
import { type SyntheticEvent, useState } from 'react'
import { problemIn } from '../../kernel/call.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { issueText, problemText } from '../../kernel/problem-texts.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { FieldRow, FormProblem, SelectField, TextField } from '../../ui/Fields.tsx'
import { toast } from '../../ui/Toast.tsx'
import styles from './SetUp.module.css'
import { StepFrame, type Walk, Ways } from './StepFrame.tsx'
import { setUpTexts } from './texts.ts'

const roles = ['agent', 'lead', 'manager', 'administrator'] as const
type Row = { name: string; email: string; role: (typeof roles)[number] }
const blank: Row = { name: '', email: '', role: 'agent' }

/** Two who will answer, too; rows left empty are left out. */
export function ColleaguesStep({ there, ...walk }: Walk & { there: boolean }) {
  const t = useTexts(setUpTexts)
  const [rows, setRows] = useState<readonly Row[]>([blank, blank])
  const [cause, setCause] = useState<unknown>()
  const filled = rows.flatMap((row, at) => (row.name.trim() || row.email.trim() ? [at] : []))
  const send = useSend('POST /api/set-up/colleagues', {
    renews: ['GET /api/set-up', 'GET /api/people'],
    onDone: ({ invited }) => {
      toast(t('invited', { count: invited }))
      walk.onNext()
    },
    onProblem: setCause,
  })
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (filled.length === 0) return walk.onNext()
    setCause(undefined)
    send.mutate({ body: { people: filled.map((at) => rows[at] ?? blank) } })
  }
  const set = (at: number, change: Partial<Row>) => setRows(rows.map((row, i) => (i === at ? { ...row, ...change } : row)))
  const issues = problemIn(cause)?.issues ?? []
  const errorOf = (at: number, field: keyof Row) => {
    const issue = issues.find((i) => i.path === `people.${filled.indexOf(at)}.${field}`)
    return issue && issueText(issue)
  }
  const elsewhere = cause !== undefined && !rows.some((_, at) => errorOf(at, 'name') || errorOf(at, 'email'))
  return (
    <StepFrame title={t('colleagues')} why={t('colleaguesWhy')}>
      <form className="stack" onSubmit={submit} noValidate>
        {there && <p>{t('colleaguesThere')}</p>}
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are only added at the end
          <fieldset key={at} className={styles.colleague}>
            <legend>{t('person', { n: at + 1 })}</legend>
            <FieldRow>
              <TextField
                label={t('colleagueName')}
                autoComplete="off"
                value={row.name}
                error={errorOf(at, 'name')}
                onChange={(e) => set(at, { name: e.currentTarget.value })}
              />
              <TextField
                label={t('colleagueEmail')}
                type="email"
                autoComplete="off"
                value={row.email}
                error={errorOf(at, 'email')}
                onChange={(e) => set(at, { email: e.currentTarget.value })}
              />
            </FieldRow>
            <SelectField
              label={t('role')}
              value={row.role}
              onChange={(role) => set(at, { role })}
              options={roles.map((role) => ({ value: role, label: t(role) }))}
            />
          </fieldset>
        ))}
        <div>
          <Button look="plain" icon={<IconPlus size={16} />} onClick={() => setRows([...rows, blank])} disabled={rows.length >= 20}>
            {t('addRow')}
          </Button>
        </div>
        <FormProblem text={elsewhere ? (issues[0] ? issueText(issues[0]) : problemText(cause)) : undefined} />
        <Ways
          walk={walk}
          skip={t('colleaguesSkip')}
          main={
            <Button look="main" size="sm" type="submit" busy={send.isPending} disabled={filled.length === 0}>
              {t('invite')}
            </Button>
          }
        />
      </form>
    </StepFrame>
  )
}
