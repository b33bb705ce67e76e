import { IconArchive, IconArchiveOff, IconDots, IconLogout, IconMailForward, IconShieldOff } from '@tabler/icons-react'
import type { Person } from '../../../contract/people.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useSend } from '../../kernel/query.ts'
import { IconButton } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Menu } from '../../ui/Menu.tsx'
import { toast, toastProblem } from '../../ui/Toast.tsx'
import { peopleTexts } from './texts.ts'

/** What an administrator does to an account; each asks first and says what follows. */
export function PersonMenu({ person }: { person: Person }) {
  const t = useTexts(peopleTexts)
  const [confirm, question] = useConfirm()
  const params = { id: person.id }
  const { name } = person
  const email = person.email ?? ''
  const renews = ['GET /api/people', 'GET /api/people/:id', 'GET /api/teams'] as const
  const said = (text: string) => ({ renews, onDone: () => void toast(text), onProblem: toastProblem })
  const invite = useSend('POST /api/people/:id/invite', said(t('invited', { email })))
  const endSessions = useSend('POST /api/people/:id/end-sessions', said(t('ended')))
  const resetFactor = useSend('POST /api/people/:id/reset-second-factor', said(t('resetDone')))
  const restore = useSend('POST /api/people/:id/restore', said(t('restored', { name })))
  const archive = useSend('POST /api/people/:id/archive', {
    renews,
    onDone: () => void toast(t('archivedDone', { name }), { undo: () => restore.mutate({ params }) }),
    onProblem: toastProblem,
  })
  if (!person.can.edit && !person.can.grant) return null
  const ask =
    (title: string, text: string, action: string, run: () => void, danger = false) =>
    async () => {
      if (await confirm({ title, text, action, danger })) run()
    }
  const icon = { size: 16, stroke: 1.7 }
  return (
    <>
      <Menu
        end
        width={260}
        target={<IconButton label={t('more')} icon={<IconDots size={18} />} size={30} />}
        entries={[
          person.can.edit && {
            key: 'invite',
            label: t('invite'),
            icon: <IconMailForward {...icon} />,
            disabled: !person.email || person.archived,
            run: ask(t('inviteTitle'), t('inviteText', { email }), t('invite'), () => invite.mutate({ params })),
          },
          person.can.edit && {
            key: 'end',
            label: t('endSessions'),
            icon: <IconLogout {...icon} />,
            run: ask(t('endTitle'), t('endText', { name }), t('endSessions'), () => endSessions.mutate({ params })),
          },
          person.can.grant && {
            key: 'factor',
            label: t('resetFactor'),
            icon: <IconShieldOff {...icon} />,
            run: ask(t('resetTitle'), t('resetText', { name }), t('resetFactor'), () => resetFactor.mutate({ params }), true),
          },
          person.can.edit && { key: 'line', divider: true as const },
          person.can.edit &&
            !person.archived && {
              key: 'archive',
              label: t('archive'),
              icon: <IconArchive {...icon} />,
              danger: true,
              run: ask(t('archiveTitle', { name }), t('archiveText'), t('archive'), () => archive.mutate({ params }), true),
            },
          person.can.edit &&
            person.archived && {
              key: 'restore',
              label: t('restore'),
              icon: <IconArchiveOff {...icon} />,
              run: () => restore.mutate({ params }),
            },
        ]}
      />
      {question}
    </>
  )
}
