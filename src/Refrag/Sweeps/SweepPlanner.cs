using System.Globalization;
using System.Text;
using Refrag.Apps;
using Refrag.Aws.Batch;
using Refrag.CommandTables;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Sweeps;

/// <summary>
/// Plans a sweep's submissions: jobs that differ in their command alone become one array job, of at most 10,000 children and as many as the
/// table of their commands leaves room for; the others go one by one. Add every job first, then plan as often as there is something to
/// submit. Keeps of each job its command and nothing else.
/// </summary>
/// <param name="shape">The lengths of the sweep's axes, the last one's place changing fastest.</param>
/// <param name="submitter">Makes a submitter with a fresh id for each submission.</param>
public sealed class SweepPlanner(IReadOnlyList<int> shape, Func<Submitter> submitter)
{
    private static readonly Submitter s_draft = new("", new SubmissionId("-"));
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Member> _members = [];

    /// <summary>
    /// How many children one array may have, 1 to 10,000; default: 10,000, which is Batch's limit. With 1 each job goes by itself.
    /// </summary>
    public int MostChildren { get; set; } = BatchLimits.ArraySize;

    /// <summary>A job of the sweep that was added; null if none was.</summary>
    public JobSpec? Any => _members.Values.FirstOrDefault()?.Group.Spec;

    /// <summary>What a job that was added has in common with those of its group.</summary>
    public JobSpec SpecOf(int index) => _members[index].Group.Spec;

    /// <summary>Adds a job; problems where it cannot be said to Batch.</summary>
    public IReadOnlyList<Problem> Add(int index, JobSpec spec, Target target)
    {
        // What moves a job of a sweep is the sweep, which writes down what it has submitted.
        spec = spec with { Capacity = spec.Capacity with { Claims = null } };
        if (!ContainerCommand.Of(spec).TryGet(out IReadOnlyList<string>? command, out IReadOnlyList<Problem> problems)) return problems;
        // A line of shell is written for the whole array, `exec` comes back with it: what the children differ in is the command itself.
        IReadOnlyList<string> words = spec is { EntryPoint: EntryPoint.Shell, App: CommandApp app } ? app.Command : [.. command.Skip(1)];
        ContainerOverrides overrides = LaunchPlanner.Overrides(spec, []);
        LaunchPlan draft = LaunchPlanner.Build(spec, target, DefinitionDerivation.For(spec, target), s_draft, overrides);
        string key = Key(index, spec, draft.Submit, words.Count);
        if (!_groups.TryGetValue(key, out Group? group))
        {
            _groups[key] = group = new Group(spec, draft, overrides);
            problems = BatchLimits.Check(BatchOperations.SubmitJob, draft.Sent);
        }
        _members[index] = new Member(group, words);
        return problems;
    }

    /// <summary>The submissions of these jobs, in the order of their first jobs; or what does not fit into one.</summary>
    /// <param name="jobs">Indices that were added, ascending.</param>
    /// <param name="onDemand">Those among them that have lost their Spot hosts, and go to the on-demand queue; null for none.</param>
    public Result<IReadOnlyList<SweepLaunch>> Plan(IReadOnlyList<int> jobs, IReadOnlySet<int>? onDemand = null)
    {
        List<Problem> problems = [];
        List<SweepLaunch> launches = [];
        foreach (IGrouping<(Group Group, bool IsOnDemand), int> group
            in jobs.GroupBy(job => (_members[job].Group, onDemand?.Contains(job) == true)))
        {
            List<SweepLaunch> own = [];
            foreach (int[] some in group.Chunk(MostChildren)) Fit(group.Key.Group, some, own, problems);
            launches.AddRange(group.Key.IsOnDemand ? own.Select(OnDemand) : own);
        }
        return problems.Count > 0 ? Result<IReadOnlyList<SweepLaunch>>.Failure(problems) : launches;
    }

    // The same requests, but for the queue.
    private static SweepLaunch OnDemand(SweepLaunch launch)
    {
        Target target = TargetChooser.OnDemand(launch.Spec, launch.Plan.Target);
        LaunchPlan plan = launch.Plan with { Target = target, Submit = launch.Plan.Submit with { JobQueue = target.Queue } };
        return launch with { Plan = plan, IsOnDemand = true };
    }

    // Halves that fit follow one another in the sweep's order.
    private void Fit(Group group, ReadOnlyMemory<int> jobs, List<SweepLaunch> launches, List<Problem> problems)
    {
        if (jobs.Length == 1)
        {
            Single(group, jobs.Span[0], launches, problems);
            return;
        }
        int[] all = jobs.ToArray();
        JobSpec spec = group.Spec with { ArraySize = all.Length };
        CommandTable table = CommandTableBuilder.Build(all, [.. all.Select(job => _members[job].Words)], shape);
        if (Commands(table, spec).Select(command => group.Overrides with { Command = command })
            .FirstOrDefault(overrides => OverrideSize.Bytes(overrides) <= OverrideSize.MostBytes) is { } fitting)
        {
            launches.Add(new SweepLaunch(spec, group.Plan(spec, submitter(), fitting), table.Jobs));
            return;
        }
        int half = (jobs.Length + 1) / 2;
        Fit(group, jobs[..half], launches, problems);
        Fit(group, jobs[half..], launches, problems);
    }

    private void Single(Group group, int job, List<SweepLaunch> launches, List<Problem> problems)
    {
        (string name, string index) = (BatchVariables.SweepIndex, job.ToString(CultureInfo.InvariantCulture));
        JobSpec spec = group.Spec with { Environment = [.. group.Spec.Environment, new(name, index)] };
        IReadOnlyList<string> words = _members[job].Words;
        IReadOnlyList<string> command = spec.EntryPoint == EntryPoint.Shell
            ? ShellLauncher.Wrap(words, ContainerCommand.BeforeShell(spec))
            : ["exec", .. words];
        ContainerOverrides overrides = group.Overrides with
        {
            Command = command,
            Environment = [.. group.Overrides.Environment ?? [], new Aws.Batch.KeyValuePair { Name = name, Value = index }],
        };
        // Everything else was checked when the group was made.
        IReadOnlyList<Problem> wrong = OverrideSize.Check(overrides, spec);
        if (wrong.Count > 0) problems.AddRange(wrong.Except(problems));
        else launches.Add(new SweepLaunch(spec, group.Plan(spec, submitter(), overrides), JobSet.Of([job])));
    }

    // People read the first; the second is for what is long.
    private static IEnumerable<IReadOnlyList<string>> Commands(CommandTable table, JobSpec spec)
    {
        if (spec.EntryPoint == EntryPoint.Shell)
        {
            yield return CommandTableShell.Wrap(table, ContainerCommand.BeforeShell(spec));
            yield break;
        }
        yield return ["exec", ArrayChild.Option, CommandTableText.Write(table)];
        yield return ["exec", ArrayChild.Option, CommandTableText.Compress(table)];
    }

    // Everything that a submission says, but for the command and the submission's id. An array of arrays or of multi-node jobs there is
    // not: such jobs stand alone.
    private static string Key(int index, JobSpec spec, SubmitJobRequest draft, int words)
    {
        string alone = spec.Nodes > 1 || spec.ArraySize is not null ? string.Create(CultureInfo.InvariantCulture, $"{index}:") : "";
        string request = Encoding.UTF8.GetString(BatchOperations.SubmitJob.Write(draft));
        return string.Create(CultureInfo.InvariantCulture, $"{alone}{spec.EntryPoint}:{words}:{request}");
    }

    // Jobs that differ in their command alone; the draft and its overrides are what they share.
    private sealed record Group(JobSpec Spec, LaunchPlan Draft, ContainerOverrides Overrides)
    {
        public LaunchPlan Plan(JobSpec spec, Submitter submitter, ContainerOverrides overrides) =>
            LaunchPlanner.Build(spec, Draft.Target, Draft.Derivation, submitter, overrides);

        public bool Equals(Group? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }

    private sealed record Member(Group Group, IReadOnlyList<string> Words);
}
