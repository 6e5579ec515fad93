using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Slurm.Commands;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Operations;

/// <summary>DescribeJobs, ListJobs, CancelJob and TerminateJob.</summary>
/// <param name="commands">Where Slurm's tools are.</param>
/// <param name="place">The cluster.</param>
/// <param name="reader">Reads jobs.</param>
internal sealed class JobOperations(ISlurmCommands commands, SlurmPlace place, ClusterReader reader)
{
    private const int OutputNotOpened = 53;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public async Task<DescribeJobsResponse> DescribeAsync(DescribeJobsRequest request, CancellationToken cancellationToken)
    {
        string operation = BatchOperations.DescribeJobs.Name;
        IReadOnlyList<string> ids = request.Jobs;
        // A number is Slurm's own id, which users know from its tools.
        bool byNumber = ids.Any(id => id.Length > 0 && char.IsAsciiDigit(id[0]) && IdIsNumber(id));
        ClusterView view = await reader.ViewAsync(
            operation, byNumber ? null : [.. ids.Select(id => JobAddress.Parse(id).Id).Where(SlurmJob.IsId)], cancellationToken);
        var describer = new JobDescriber(view);
        List<JobDetail> found = [];
        foreach (string id in ids)
        {
            if (describer.Find(byNumber ? Named(view, describer, id) : id) is { } job)
                found.Add(describer.HasSlurmsCode(job.JobId) ? await WithCodeAsync(job, cancellationToken) : job);
        }
        return new DescribeJobsResponse { Jobs = found };
    }

    public async Task<ListJobsResponse> ListAsync(ListJobsRequest request, CancellationToken cancellationToken)
    {
        string? parent = request.ArrayJobId ?? request.MultiNodeJobId;
        // So a submission whose answer was lost is looked for, and what is not found is submitted again: an answer from before that would
        // make two jobs of it.
        if (request.Filters is [{ Name: "JOB_NAME" }, ..]) reader.Forget();
        ClusterView view = await reader.ViewAsync(BatchOperations.ListJobs.Name, parent is null ? null : [parent], cancellationToken);
        var describer = new JobDescriber(view);
        IEnumerable<JobDetail> jobs = parent is null
            ? describer.Ids.Select(describer.Find).OfType<JobDetail>().Where(job => job.JobQueue == request.JobQueue)
            : PartsOf(describer, parent, request.ArrayJobId is null);
        jobs = request.Filters is [{ } filter, ..]
            ? jobs.Where(job => Matches(job, filter))
            : jobs.Where(job => job.Status == (request.JobStatus ?? JobStatus.Running));
        return new ListJobsResponse { JobSummaryList = [.. jobs.OrderByDescending(job => job.CreatedAt).Select(Summary)] };
    }

    public async Task<CancelJobResponse> CancelAsync(CancelJobRequest request, CancellationToken cancellationToken)
    {
        await EndAsync(BatchOperations.CancelJob.Name, request.JobId, request.Reason, "--state=PENDING ", cancellationToken);
        return new CancelJobResponse();
    }

    public async Task<TerminateJobResponse> TerminateAsync(TerminateJobRequest request, CancellationToken cancellationToken)
    {
        await EndAsync(BatchOperations.TerminateJob.Name, request.JobId, request.Reason, "", cancellationToken);
        return new TerminateJobResponse();
    }

    // scancel answers 0 for what does not exist or has ended, so the job is read first.
    private async Task EndAsync(string operation, string id, string? reason, string which, CancellationToken cancellationToken)
    {
        var address = JobAddress.Parse(id);
        reader.Forget();
        ClusterView view = await reader.ViewAsync(operation, [address.Id], cancellationToken);
        if (new JobDescriber(view).Find(id) is not { } job) throw BatchException.Client(operation, $"Job {id} does not exist");
        if (SlurmStates.IsEnd(job.Status) || job.Container?.TaskArn is not { } slurmId) return;
        // All jobs of the submission: if its answer was lost there may be two, and the other one would start.
        string[] all = [.. view.Rows[address.Id].Select(row => row.JobId).Distinct(StringComparer.Ordinal)];
        string[] ids = [.. (all.Length == 0 ? [slurmId] : all).Select(one => address.Child is { } task && all.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{one}_{task}")
            : one)];
        string folder = $"{place.FolderOf(address.Id)}{(address.Child is { } child ? $"/{child}" : "")}";
        CommandAnswer answer = await commands.RunAsync(
            EndScript.Of(slurmId, ids, which, folder, reason ?? operation), "", s_limit, cancellationToken);
        reader.Forget();
        if (SlurmFailures.IsDenied(answer)) throw SlurmFailures.Denied(operation, id, answer);
        if (answer.ExitCode != 0 || answer.IsCutOff) throw SlurmFailures.Unread(operation, commands, answer);
    }

    // What has left no exit code, as a shell that was killed, the controller may still know.
    private async Task<JobDetail> WithCodeAsync(JobDetail job, CancellationToken cancellationToken)
    {
        if (job is not { Status: JobStatus.Failed, Container: { ExitCode: null, TaskArn: { } slurmId } }) return job;
        if (job.ArrayProperties?.Size is not null) return job;
        IReadOnlyDictionary<string, string>? known = await reader.JobAsync(slurmId, cancellationToken);
        // "CODE:SIGNAL"; a signal alone is 128 and its number, as a shell says it.
        string[] code = (known?.GetValueOrDefault("ExitCode") ?? "").Split(':');
        if (code is not [var exit, var signal] || !int.TryParse(exit, CultureInfo.InvariantCulture, out int number)
            || !int.TryParse(signal, CultureInfo.InvariantCulture, out int by)) return job;
        // (slurm_errno.h: 0:53 is an output that cannot be opened)
        if (number == 0 && by == OutputNotOpened)
            return job with { StatusReason = $"Slurm could not open the job's output: {place.Folder} may not be on the nodes" };
        // The script's own: of a program that ends so it is written down, if the folder can be written.
        if (number == JobScript.NoFolder)
            return job with { StatusReason = $"the job's folder could not be written: {place.Folder} may not be on the nodes, or be full" };
        int all = number == 0 && by is > 0 and < 32 ? 128 + by : number;
        return all == 0 ? job : job with { Container = job.Container with { ExitCode = all } };
    }

    private static bool IdIsNumber(string id) => id.Split('_', ':')[0].All(char.IsAsciiDigit);

    private static string Named(ClusterView view, JobDescriber describer, string id)
    {
        string[] parts = id.Split('_', ':');
        string? own = IdIsNumber(id)
            ? describer.Ids.FirstOrDefault(one => view.Rows[one].Any(row => row.JobId == parts[0])
                || (!view.Rows.Contains(one) && view.Files.GetValueOrDefault(one)?.SlurmId == parts[0]))
            : null;
        return own is null ? id : parts.Length > 1 ? $"{own}:{parts[1]}" : own;
    }

    private static IEnumerable<JobDetail> PartsOf(JobDescriber describer, string parent, bool areNodes)
    {
        if (describer.Find(parent) is not { } whole) return [];
        int count = (areNodes ? whole.NodeProperties?.NumNodes : whole.ArrayProperties?.Size) ?? 0;
        return Enumerable.Range(0, count)
            .Select(number => describer.Find(string.Create(CultureInfo.InvariantCulture, $"{parent}{(areNodes ? '#' : ':')}{number}")))
            .OfType<JobDetail>();
    }

    // (API ListJobs: a name is compared without regard to case, and may end with an asterisk)
    private static bool Matches(JobDetail job, KeyValuesPair filter)
    {
        string value = filter.Values is [{ } first, ..] ? first : "";
        return filter.Name switch
        {
            "JOB_NAME" => Fits(job.JobName, value),
            "JOB_DEFINITION" => Fits(job.JobDefinition, value),
            "AFTER_CREATED_AT" => job.CreatedAt > Time(value),
            "BEFORE_CREATED_AT" => job.CreatedAt < Time(value),
            _ => true,
        };
    }

    private static bool Fits(string text, string wanted) => wanted.EndsWith('*')
        ? text.StartsWith(wanted[..^1], StringComparison.OrdinalIgnoreCase)
        : text.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static long Time(string text) => long.TryParse(text, CultureInfo.InvariantCulture, out long time) ? time : 0;

    private static JobSummary Summary(JobDetail job) => new()
    {
        JobId = job.JobId,
        JobName = job.JobName,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        StoppedAt = job.StoppedAt,
        Status = job.Status,
        StatusReason = job.StatusReason,
        JobDefinition = job.JobDefinition,
        Container = new ContainerSummary { ExitCode = job.Container?.ExitCode, Reason = job.Container?.Reason },
        ArrayProperties = job.ArrayProperties is { } array
            ? new ArrayPropertiesSummary { Size = array.Size, Index = array.Index }
            : null,
        NodeProperties = job.NodeProperties is { } nodes
            ? new NodePropertiesSummary { NumNodes = nodes.NumNodes }
            : job.NodeDetails is { } node ? new NodePropertiesSummary { NodeIndex = node.NodeIndex, IsMainNode = node.IsMainNode } : null,
    };
}
