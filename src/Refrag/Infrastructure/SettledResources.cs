using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Infrastructure;

/// <summary>Changes queues and environments of Batch when they can be changed: Batch refuses an update while an earlier one is under
/// way.</summary>
/// <param name="batch">Batch.</param>
/// <param name="time">The clock.</param>
/// <param name="pause">The longest wait between two looks; null for two seconds, which is the limit.</param>
public sealed class SettledResources(IAwsTransport batch, TimeProvider time, TimeSpan? pause = null)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    // AWS's lists are eventually consistent: one look can find what was a moment ago.
    private const int Looks = 5;

    private TimeSpan Pause => pause is { } shorter && shorter < s_pause ? shorter : s_pause;

    /// <summary>Disables a queue and waits until Batch has done so. Null on success, also if there is no such queue; RF6022 if it does not
    /// settle.</summary>
    /// <param name="name">The queue's name.</param>
    /// <param name="cancellationToken">Stops.</param>
    public Task<Problem?> CloseQueueAsync(string name, CancellationToken cancellationToken) => ChangeAsync(
        () => QueueAsync(name, cancellationToken),
        found => found.State == JQState.Disabled,
        () => batch.SendAsync(BatchOperations.UpdateJobQueue, new UpdateJobQueueRequest { JobQueue = name, State = JQState.Disabled },
            cancellationToken),
        cancellationToken);

    /// <summary>Lets Batch check those environments again that are INVALID. Empty if all are VALID now; else RF6022 for each.</summary>
    /// <param name="names">Names of the environments.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<IReadOnlyList<Problem>> RevalidateAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        foreach (ComputeEnvironmentDetail environment in await FindAsync(names, cancellationToken))
        {
            if (environment.Status == CEStatus.Invalid && await RevalidateAsync(environment, cancellationToken) is { } problem)
                problems.Add(problem);
        }
        return problems;
    }

    // A new environment may not be listed yet.
    private async Task<IReadOnlyList<ComputeEnvironmentDetail>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        for (int look = 1; ; look++)
        {
            IReadOnlyList<ComputeEnvironmentDetail> found = await DeployedStack.EnvironmentsAsync(batch, names, cancellationToken);
            if (found.Count >= names.Count || look == Looks) return found;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // The state stays as it is: an environment that is closed is not opened.
    private Task<Problem?> RevalidateAsync(ComputeEnvironmentDetail environment, CancellationToken cancellationToken)
    {
        string name = environment.ComputeEnvironmentName;
        var request = new UpdateComputeEnvironmentRequest { ComputeEnvironment = name, State = environment.State ?? CEState.Enabled };
        return ChangeAsync(
            () => EnvironmentAsync(name, cancellationToken),
            found => found.Status == CEStatus.Valid,
            () => batch.SendAsync(BatchOperations.UpdateComputeEnvironment, request, cancellationToken),
            cancellationToken);
    }

    private async Task<Found?> QueueAsync(string name, CancellationToken cancellationToken) =>
        (await batch.SendAsync(BatchOperations.DescribeJobQueues, new() { JobQueues = [name] },
            cancellationToken)).JobQueues is [var queue, ..]
            ? new("job queue", name, queue.State, queue.Status, queue.StatusReason)
            : null;

    private async Task<Found?> EnvironmentAsync(string name, CancellationToken cancellationToken) =>
        (await batch.SendAsync(BatchOperations.DescribeComputeEnvironments, new() { ComputeEnvironments = [name] },
            cancellationToken)).ComputeEnvironments is [var environment, ..]
            ? new("compute environment", name, environment.State, environment.Status, environment.StatusReason)
            : null;

    private async Task<Problem?> ChangeAsync(Func<Task<Found?>> look, Func<Found, bool> isDone, Func<Task> change,
        CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        bool isSent = false;
        // How many looks in a row found nothing, or INVALID after the change was sent.
        int gone = 0, invalid = 0;
        while (true)
        {
            Found? found = await look();
            gone = found is null ? gone + 1 : 0;
            invalid = isSent && found is { IsBusy: false, Status: CEStatus.Invalid } ? invalid + 1 : 0;
            if (gone == Looks || (found is { IsBusy: false } && isDone(found))) return null;
            if (found is not null && (invalid == Looks || time.GetElapsedTime(start) >= s_patience)) return VerificationProblems
                .Invalid(found.Kind, found.Name, found.Status ?? "of an unknown status", found.Reason);
            if (!isSent && found is { IsBusy: false }) isSent = await TryAsync(change);
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // The look before may have been a moment too early.
    private static async Task<bool> TryAsync(Func<Task> change)
    {
        try
        {
            await change();
            return true;
        }
        catch (BatchException busy) when (busy.ErrorCode == BatchException.ClientException && busy.Error.Message
            .Contains("being modified", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
    }

    private sealed record Found(string Kind, string Name, string? State, string? Status, string? Reason)
    {
        // Queues and environments have the same words for it.
        public bool IsBusy => Status is CEStatus.Creating or CEStatus.Updating;
    }
}
