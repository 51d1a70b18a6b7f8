/** GitHub: which repository, whether it works, what it was told, and a signal to its workflows. */
import { useQuery } from '@tanstack/react-query'
import type { GithubRepository, GithubTest } from '@/shared/api/types'
import { count } from '@/shared/format/money'
import { ageText } from '@/shared/format/time'
import { Only } from '@/shared/session/may'
import { Badge } from '@/shared/ui/Badge'
import { Button } from '@/shared/ui/Button'
import { Section } from '@/shared/ui/Page'
import { Empty, Failure, Loading, Note } from '@/shared/ui/States'
import { DispatchForm } from './DispatchForm'
import { Facts } from './Facts'
import { Incidents } from './Incidents'
import { githubQuery, useTestGithub } from './queries'

export function GithubCard() {
  const { data, error, refetch } = useQuery(githubQuery)
  if (error && !data) return <Failure error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading label="Looking at GitHub" rows={4} />
  if (!data.repository) {
    return (
      <Section title="GitHub" note="One issue for each thing that is wrong, closed when it is over.">
        <Empty title="No repository is set">
          Set <code className="font-mono">GITHUB_REPOSITORY</code> to owner/name and enter{' '}
          <code className="font-mono">GITHUB_TOKEN</code> among the secrets; then start the server again. It
          belongs to the first workspace of the installation.
        </Empty>
      </Section>
    )
  }
  return (
    <>
      <Repository repository={data.repository} />
      <Incidents incidents={data.repository.incidents} />
      <Only may="connections:write">
        <DispatchForm place={data.repository.place} />
      </Only>
    </>
  )
}

function Repository({ repository }: { repository: GithubRepository }) {
  const test = useTestGithub()
  const failed =
    repository.last_failure &&
    (!repository.last_success_at || (repository.last_failure_at ?? '') > repository.last_success_at)
  const facts: [string, string][] = [
    ['Repository', repository.place],
    ['Token', repository.has_token ? 'There' : 'Missing: enter GITHUB_TOKEN among the secrets'],
    [
      'Last answer',
      repository.last_success_at ? ageText(repository.last_success_at) : 'none since the start',
    ],
  ]
  return (
    <Section
      title="GitHub"
      note="One issue for each thing that is wrong: commented on when it comes back, closed when it is over. Names of people and messages of providers stay here."
      actions={
        <Only may="connections:write">
          <Button busy={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
        </Only>
      }
    >
      <Facts of={facts} />
      <div role="status" className="mt-3 flex flex-col gap-2 empty:mt-0">
        {test.error && <Failure error={test.error} />}
        {test.data && <Tested test={test.data} />}
        {!test.data && failed && <Note tone="bad">{repository.last_failure}</Note>}
      </div>
    </Section>
  )
}

function Tested({ test }: { test: GithubTest }) {
  if (!test.works) return <Note tone="bad">{test.problem}</Note>
  if (!test.takes_issues) {
    return (
      <Note tone="bad">
        {test.name} is there and takes no issues: they are switched off, or it is archived.
      </Note>
    )
  }
  return (
    <>
      <Note>
        {test.name} is there and takes issues.
        {test.calls_left != null &&
          ` ${count(test.calls_left)} of ${count(test.calls_limit ?? 0)} calls are left in this hour.`}
      </Note>
      {test.public && (
        <Note tone="warn">
          <Badge tone="warn">Public</Badge> Anybody can read what is wrong here: better use a private
          repository.
        </Note>
      )}
    </>
  )
}
