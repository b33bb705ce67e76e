import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { SavedView, ViewQuery } from '../../../contract/views.ts'
import { call } from '../../kernel/call.ts'
import { useForm } from '../../kernel/forms.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { ChoiceField, FieldSet, type Option, SelectField, TextField } from '../../ui/Fields.tsx'
import { FormSheet } from '../../ui/FormSheet.tsx'
import { ManyField } from '../../ui/ManyField.tsx'
import { toast } from '../../ui/Toast.tsx'
import { optionOf, TeamPick } from '../people/picks.tsx'
import { boardTexts } from './board-texts.ts'
import { ConditionRow } from './ConditionRow.tsx'
import { blank, conditionOf, type Draft, draftOf, ownFieldsIn } from './conditions.ts'
import { listTexts } from './list-texts.ts'
import { columnsOf, useChoices, useColumnOptions } from './options.ts'
import { ownColumnsIn, useOwnFieldList } from './own-conditions.ts'
import { viewTexts } from './texts.ts'
import styles from './Views.module.css'

type Values = {
  name: string
  scope: SavedView['scope']
  teamId: Option | null
  sort: SavedView['sort']
  grouping: SavedView['grouping']
  columns: Option[]
  all: Draft[]
  any: Draft[]
}
const sorts = ['newest', 'oldest', 'changed', 'waiting', 'priority'] as const
const groupings = ['status', 'priority', 'team', 'assignee', 'organisation'] as const
const whole = (drafts: readonly Draft[]) => drafts.map(conditionOf).filter((one) => one !== undefined)

/** A view is written while its answer is seen: how many there are, and the first of them. */
export function ViewSheet({ view, onClose }: { view?: SavedView; onClose: () => void }) {
  const t = useTexts(viewTexts)
  const l = useTexts(listTexts)
  const b = useTexts(boardTexts)
  const navigate = useNavigate()
  const choices = useChoices()
  const drafts = (side: 'all' | 'any') => view?.query[side].map((one) => draftOf(one, (_, value) => value))
  const form = useForm<Values>({
    name: view?.name ?? '',
    scope: view?.scope ?? 'private',
    teamId: optionOf(view?.team),
    sort: view?.sort ?? 'newest',
    grouping: view?.grouping ?? null,
    columns: view?.columns.map(({ key }) => ({ value: key, label: key })) ?? [],
    all: drafts('all') ?? [blank('open')],
    any: drafts('any') ?? [],
  })
  const { all, any, scope, sort, grouping, teamId, name } = form.values
  const own = useOwnFieldList([...ownFieldsIn([...all, ...any]), ...ownColumnsIn(form.values.columns)])
  const columns = useColumnOptions(own)
  const query: ViewQuery = { all: whole(all), any: whole(any) }
  const sending = {
    renews: ['GET /api/views', 'GET /api/views/counts', 'GET /api/views/:id/tickets', 'GET /api/views/:id/board'] as const,
    onProblem: form.take,
    onDone: (kept: SavedView) => {
      toast(t('kept'))
      onClose()
      void navigate({ to: '/tickets', search: { view: kept.id } })
    },
  }
  const add = useSend('POST /api/views', sending)
  const change = useSend('PATCH /api/views/:id', sending)
  const save = () => {
    const body = {
      name,
      scope,
      teamId: scope === 'team' ? (teamId?.value ?? null) : null,
      sort,
      grouping,
      columns: columnsOf(form.values.columns, view),
      query,
    }
    if (view) change.mutate({ params: { id: view.id }, ifMatch: view.version, body })
    else add.mutate({ body })
  }
  const side = (which: 'all' | 'any') => (
    <FieldSet title={t(which)}>
      {form.values[which].map((draft) => (
        <ConditionRow
          key={draft.key}
          draft={named(draft, choices(draft.field))}
          choices={choices}
          own={own}
          onChange={(next) =>
            form.set(
              which,
              form.values[which].map((one) => (one.key === next.key ? next : one)),
            )
          }
          onDrop={() =>
            form.set(
              which,
              form.values[which].filter((one) => one.key !== draft.key),
            )
          }
        />
      ))}
      <div>
        <Button icon={<IconPlus size={14} />} onClick={() => form.set(which, [...form.values[which], blank('status')])}>
          {t('add')}
        </Button>
      </div>
    </FieldSet>
  )
  return (
    <FormSheet
      title={l(view ? 'editView' : 'newView')}
      busy={add.isPending || change.isPending}
      problem={form.problem ?? form.errors['query']}
      values={form.values}
      onSave={save}
      onClose={onClose}
    >
      <TextField label={t('name')} data-autofocus {...form.text('name')} />
      {side('all')}
      {side('any')}
      <Found query={query} sort={sort} incomplete={all.length + any.length > query.all.length + query.any.length} />
      <SelectField
        label={t('order')}
        options={sorts.map((value) => ({ value, label: l(`sort.${value}`) }))}
        value={sort}
        onChange={(next: SavedView['sort']) => form.set('sort', next)}
      />
      <SelectField
        label={t('grouping')}
        clearable
        placeholder={t('ungrouped')}
        options={groupings.map((value) => ({ value, label: b(`by.${value}`) }))}
        value={grouping}
        onChange={(next: SavedView['grouping']) => form.set('grouping', next)}
      />
      <ManyField
        label={t('columns')}
        hint={t('columnsHint')}
        options={columns}
        value={form.values.columns.map((one) => columns.find((column) => column.value === one.value) ?? one)}
        onChange={(next) => form.set('columns', next)}
      />
      <ChoiceField
        label={t('scope')}
        options={(['private', 'team', 'everyone'] as const).map((value) => ({ value, label: t(`scope.${value}`) }))}
        value={scope}
        onChange={(next) => form.set('scope', next)}
      />
      {scope === 'team' && <TeamPick label={t('team')} {...form.value('teamId')} />}
    </FormSheet>
  )
}

/** What came from the server as ids, in words. */
const named = (draft: Draft, options: readonly Option[]): Draft => ({
  ...draft,
  picked: draft.picked.map((one) => options.find((option) => option.value === one.value) ?? one),
})

function Found({ query, sort, incomplete }: { query: ViewQuery; sort: SavedView['sort']; incomplete: boolean }) {
  const t = useTexts(viewTexts)
  const [asked] = useDebouncedValue(JSON.stringify({ query, sort }), 300)
  const { data } = useQuery({
    queryKey: ['POST /api/views/try', asked],
    queryFn: ({ signal }) => call('POST /api/views/try', { body: JSON.parse(asked) as { query: ViewQuery; sort: typeof sort }, signal }),
    placeholderData: (before) => before,
  })
  return (
    <div aria-live="polite">
      <div className={styles.found}>{data ? t(data.more ? 'findsMore' : 'finds', { count: data.count }) : '…'}</div>
      <ul className={styles.rows}>
        {data?.items.map((row) => (
          <li key={row.id} className="truncate">
            #{row.number} {row.subject}
          </li>
        ))}
      </ul>
      {incomplete && <div className={styles.rows}>{t('incomplete')}</div>}
    </div>
  )
}
