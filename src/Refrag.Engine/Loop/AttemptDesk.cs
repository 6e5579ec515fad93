using System.Globalization;
using Refrag.Engine.Jobs;
using Refrag.Engine.Logs;
using Refrag.Engine.Plans;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Loop;

/// <summary>Starts and stops the attempts of jobs, and keeps those that live. Owned by the writer loop.</summary>
internal sealed class AttemptDesk(EngineState state, Launcher launcher, LogStore logs, Action<EngineMessage> post, TimeProvider time)
{
    /// <summary>How long a program has between SIGTERM and SIGKILL. (UG job_timeouts)</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    // CloudWatch stream names hold 512 characters; Batch cuts the definition's name.
    private const int LongestNameInStream = 200;
    private readonly Dictionary<string, LiveAttempt> _live = [];

    /// <summary>Whether nothing runs.</summary>
    public bool IsIdle => _live.Count == 0;

    /// <summary>The live attempt that a message is about; null where it is about one that has ended.</summary>
    public LiveAttempt? Find(string jobId, int number) => _live.GetValueOrDefault(jobId) is { } live && live.Number == number ? live : null;

    /// <summary>Starts a job's next attempt, all nodes together. The host's share has been taken.</summary>
    public Job Start(Job job)
    {
        _live[job.Id] = new LiveAttempt(job.Id, job.AttemptNumber, post, time);
        Job starting = job with { State = JobState.Starting, StartedAt = null, Nodes = [.. job.Plan.Nodes.Select(_ => NewNode(job))] };
        int usedGpus = 0;
        IReadOnlyList<string> gpus = state.Host.GpusOf(job.Id);
        for (int node = 0; node < starting.Nodes.Count; node++)
        {
            int wanted = job.Plan.Nodes[node].Demand.Gpus.Value;
            StartNode(starting, node, [.. gpus.Skip(usedGpus).Take(wanted)]);
            usedGpus += wanted;
        }
        return starting;
    }

    /// <summary>Asks a job's attempt to stop, and kills it after the grace.</summary>
    public void Stop(Job job, TimeSpan grace) => _live.GetValueOrDefault(job.Id)?.Stop(grace);

    /// <summary>Forgets an attempt of which every node has ended.</summary>
    public void Close(string jobId)
    {
        if (_live.Remove(jobId, out LiveAttempt? live)) live.Dispose();
        state.Host.Release(jobId);
    }

    private void StartNode(Job job, int node, IReadOnlyList<string> gpus)
    {
        string id = job.Plan.IsMultiNode ? JobIds.Node(job.Id, node) : job.Id;
        LogStream log = logs.Create(job.Nodes[node].LogStream, id, job.AttemptNumber);
        var start = new AttemptStart
        {
            Command = [.. state.Options.EntryPoint, .. Resolve(job.Plan.Nodes[node].Command)],
            Environment = JobEnvironment.Of(state.Options.Variables, job, node, gpus),
            WorkingDirectory = state.Options.WorkingDirectory,
        };
        launcher.Start(job.Id, job.AttemptNumber, node, start, log);
    }

    private IReadOnlyList<string> Resolve(IReadOnlyList<string> command) =>
        command.Count > 0 && state.Options.Programs.TryGetValue(command[0], out IReadOnlyList<string>? program) ? [.. program, .. command.Skip(1)] : command;

    private static NodeRun NewNode(Job job)
    {
        string task = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        string name = job.Plan.Definition.JobDefinitionName;
        return new NodeRun { TaskId = task, LogStream = $"{name[..Math.Min(name.Length, LongestNameInStream)]}/default/{task}" };
    }
}
