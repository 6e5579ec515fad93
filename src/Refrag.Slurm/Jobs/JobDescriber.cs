using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Slurm.Reading;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Jobs;

/// <summary>A job, child or node as Batch describes it, from what Slurm and the job's files say. Pure.</summary>
internal sealed class JobDescriber(ClusterView view)
{
    private const long Milliseconds = 1000;

    /// <summary>The ids of all jobs that exist: those in the queue, and those whose start or acceptance is written.</summary>
    public IEnumerable<string> Ids => view.Rows.Select(rows => rows.Key).Union(
        view.Files.Values.Where(files => files.SlurmId is not null).Select(files => files.Id), StringComparer.Ordinal);

    /// <summary>
    /// The job of an id, such as <c>ID</c>, <c>ID:3</c> for a child or <c>ID#1</c> for a node; null if there is none.
    /// </summary>
    public JobDetail? Find(string id)
    {
        JobAddress address = JobAddress.Parse(id);
        JobFiles? files = view.Files.GetValueOrDefault(address.Id);
        QueueRow[] rows = RowsOf(address.Id, files);
        if (rows.Length == 0 && files?.SlurmId is null) return null;
        SubmitJobRequest request = files?.Request ?? Unwritten(address.Id, rows);
        SlurmJob job = new() { Id = address.Id, Request = request };
        if (address.Child is { } child && (job.ArraySize is not { } all || child >= all)) return null;
        if (address.Node is { } node && (job.Nodes == 1 || node >= job.Nodes)) return null;
        return job.ArraySize is not null && address.Child is null ? Array(job, rows, files) : Part(job, address, rows, files);
    }

    // Of one submission that arrived twice the job is the one that has begun, else the first.
    private QueueRow[] RowsOf(string id, JobFiles? files)
    {
        QueueRow[] all = [.. view.Rows[id]];
        if (all.Length == 0) return all;
        // Where that one is forgotten already, its files speak, and not the other one.
        string own = files?.SlurmId ?? all.MinBy(row => long.Parse(row.JobId, CultureInfo.InvariantCulture))!.JobId;
        return [.. all.Where(row => row.JobId == own)];
    }

    // The folder is another user's, or was removed: the queue says some of it.
    private static SubmitJobRequest Unwritten(string id, QueueRow[] rows)
    {
        QueueRow first = rows.FirstOrDefault() ?? new QueueRow("", null, "", "", null, null, null, "", "", $"unknown.{id}");
        int? largest = rows.Max(row => row.Task);
        return new SubmitJobRequest
        {
            JobName = first.Name[..^(id.Length + 1)],
            JobQueue = first.Partition,
            JobDefinition = SlurmJob.Definition,
            ArrayProperties = largest is { } last ? new ArrayProperties { Size = last + 1 } : null,
            Tags = new Dictionary<string, string>(StringComparer.Ordinal) { [SlurmJob.IdTag] = id },
        };
    }

    private static JobDetail Array(SlurmJob job, QueueRow[] rows, JobFiles? files)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        Dictionary<int, QueueRow> byTask = rows.Where(row => row.Task is not null).GroupBy(row => row.Task!.Value)
            .ToDictionary(group => group.Key, group => group.Last());
        long? started = null, stopped = null;
        for (int task = 0; task < job.ArraySize; task++)
        {
            PartFiles part = files?.Part(task) ?? PartFiles.None;
            string status = PartState.Of(byTask.GetValueOrDefault(task), part).Status;
            counts[status] = counts.GetValueOrDefault(status) + 1;
            if (part.Attempts is [{ StartedAt: { } began }, ..]) started = Math.Min(started ?? long.MaxValue, began);
            if (part.Attempts is [.., { EndedAt: { } ended }]) stopped = Math.Max(stopped ?? 0, ended);
        }
        bool isOver = counts.Keys.All(SlurmStates.IsEnd);
        int failed = counts.GetValueOrDefault(JobStatus.Failed);
        // A parent stays PENDING until its last child has ended. (UG array_jobs)
        string whole = !isOver ? JobStatus.Pending : failed > 0 ? JobStatus.Failed : JobStatus.Succeeded;
        return Basic(job, job.Id, whole) with
        {
            StatusReason = isOver && failed > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{failed} of {job.ArraySize} array children failed")
                : null,
            StartedAt = started * Milliseconds,
            StoppedAt = isOver ? stopped * Milliseconds : null,
            ArrayProperties = new ArrayPropertiesDetail { Size = job.ArraySize, StatusSummary = counts },
            Container = ContainerOf(job) with { TaskArn = SlurmIdOf(rows, files) },
        };
    }

    private static JobDetail Part(SlurmJob job, JobAddress address, QueueRow[] rows, JobFiles? files)
    {
        QueueRow? row = rows.LastOrDefault(one => one.Task == address.Child);
        PartFiles part = files?.Part(address.Child) ?? PartFiles.None;
        var state = PartState.Of(row, part);
        (string status, string? reason) = (state.Status, state.Reason);
        bool isOver = SlurmStates.IsEnd(status);
        // One that was ended while it waited for another attempt did not end as the last one did.
        bool isOfLast = isOver && state.IsOfLastAttempt;
        AttemptFiles? current = part.Attempts is [.., { ExitCode: null } last] && !isOver && status == JobStatus.Running ? last : null;
        AttemptDetail[] attempts =
        [
            .. part.Attempts.Where(one => one != current)
                .Select(one => Attempt(address, one, isOfLast && one == part.Attempts[^1] ? reason : null)),
        ];
        AttemptFiles? newest = part.Attempts.Count > 0 ? part.Attempts[^1] : null;
        long? end = (isOfLast ? newest?.EndedAt : null) ?? row?.Ended;
        string? slurmId = SlurmIdOf(rows, files);
        return Basic(job, address.Text, status) with
        {
            StatusReason = reason,
            Attempts = attempts.Length > 0 ? attempts : null,
            StartedAt = (newest?.StartedAt ?? (status == JobStatus.Running ? row?.Started : null)) * Milliseconds,
            StoppedAt = isOver ? end * Milliseconds : null,
            ArrayProperties = address.Child is { } child ? new ArrayPropertiesDetail { Index = child } : null,
            NodeProperties = job.Nodes > 1 && address.Node is null ? NodesOf(job) : null,
            NodeDetails = address.Node is { } node ? new NodeDetails { NodeIndex = node, IsMainNode = node == 0 } : null,
            Container = ContainerOf(job) with
            {
                ExitCode = isOfLast && newest is not null ? CodeOf(newest, address) : null,
                LogStreamName = newest is null ? null : Stream(address, newest.Number),
                ContainerInstanceArn = newest?.Nodes ?? (row?.Nodes is { Length: > 0 } nodes ? nodes : null),
                TaskArn = slurmId is not null && address.Child is { } task
                    ? string.Create(CultureInfo.InvariantCulture, $"{slurmId}_{task}")
                    : slurmId,
            },
        };
    }

    private static string? SlurmIdOf(QueueRow[] rows, JobFiles? files) => rows is [{ } first, ..] ? first.JobId : files?.SlurmId;

    /// <summary>
    /// Whether Slurm's exit code of a job that has left none is its program's: of one that failed by itself, and not of one that Slurm or
    /// a user ended. Of a job on several nodes it is that of its first node alone.
    /// </summary>
    public bool HasSlurmsCode(string id)
    {
        JobAddress address = JobAddress.Parse(id);
        JobFiles? files = view.Files.GetValueOrDefault(address.Id);
        QueueRow? row = RowsOf(address.Id, files).LastOrDefault(one => one.Task == address.Child);
        return address.Node is null or 0 && row?.State == "FAILED" && files?.Part(address.Child).EndedByAs(row) is null;
    }

    private static AttemptDetail Attempt(JobAddress address, AttemptFiles attempt, string? reason) => new()
    {
        StartedAt = attempt.StartedAt * Milliseconds,
        StoppedAt = attempt.EndedAt * Milliseconds,
        StatusReason = reason ?? PartState.Ended(attempt),
        Container = new AttemptContainerDetail
        {
            ExitCode = CodeOf(attempt, address),
            LogStreamName = Stream(address, attempt.Number),
            ContainerInstanceArn = attempt.Nodes,
        },
    };

    private static int? CodeOf(AttemptFiles attempt, JobAddress address) =>
        address.Node is { } node ? attempt.NodeCodes.TryGetValue(node, out int code) ? code : null : attempt.ExitCode;

    /// <summary>The path of a log in the folder of all jobs, which is its stream's name.</summary>
    private static string Stream(JobAddress address, int attempt) => string.Create(
        CultureInfo.InvariantCulture,
        $"{address.Id}{(address.Child is { } child ? $"/{child}" : "")}/attempt-{attempt}/node-{address.Node ?? 0}.log");

    private static JobDetail Basic(SlurmJob job, string id, string status) => new()
    {
        JobId = id,
        JobName = job.Request.JobName,
        JobQueue = job.Request.JobQueue,
        JobDefinition = job.Request.JobDefinition,
        Status = status,
        CreatedAt = SlurmJob.MadeAt(job.Id),
        RetryStrategy = job.Request.RetryStrategy,
        DependsOn = job.Request.DependsOn,
        Parameters = job.Request.Parameters,
        Timeout = job.Request.Timeout,
        Tags = job.Request.Tags,
        PropagateTags = job.Request.PropagateTags,
    };

    private static ContainerDetail ContainerOf(SlurmJob job) => new()
    {
        Command = job.Container.Command,
        Environment = job.Container.Environment,
        ResourceRequirements = job.Container.ResourceRequirements,
    };

    private static NodeProperties NodesOf(SlurmJob job) => new()
    {
        NumNodes = job.Nodes,
        MainNode = 0,
        NodeRangeProperties =
        [
            new NodeRangeProperty
            {
                TargetNodes = string.Create(CultureInfo.InvariantCulture, $"0:{job.Nodes - 1}"),
                Container = new ContainerProperties
                {
                    Command = job.Container.Command,
                    Environment = job.Container.Environment,
                    ResourceRequirements = job.Container.ResourceRequirements,
                },
            },
        ],
    };
}

/// <summary>An id of a job, of a child or of a node.</summary>
internal sealed record JobAddress(string Text, string Id, int? Child, int? Node)
{
    public static JobAddress Parse(string text)
    {
        int mark = text.IndexOfAny([':', '#']);
        if (mark < 0 || !int.TryParse(text.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return new JobAddress(text, text, null, null);
        return text[mark] == ':' ? new JobAddress(text, text[..mark], number, null) : new JobAddress(text, text[..mark], null, number);
    }
}
