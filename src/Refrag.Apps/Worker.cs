using System.Globalization;
using System.Net;

namespace Refrag.Apps;

/// <summary>
/// A worker's place in its job. refrag runs one worker a node, so a job of N nodes is a world of N workers; an array child and a plain job
/// are a world of one. Made from what AWS Batch, or the engine on this machine, puts into the container's environment.
/// </summary>
public sealed record Worker
{
    /// <summary>The default port, as of torchrun.</summary>
    public const int DefaultMainPort = 29500;

    /// <summary>The worker's number, from 0. Rank 0 is the main node, wherever Batch put it in its own count.</summary>
    public int Rank { get; init; }

    /// <summary>How many workers the job has; 1 or more.</summary>
    public int WorldSize { get; init; } = 1;

    /// <summary>
    /// Where rank 0 is reached: the user's own <c>MASTER_ADDR</c>, or what Batch gives the other nodes. Batch gives the main node nothing,
    /// which therefore has 127.0.0.1: right for connecting to itself, so a program there listens on every interface rather than on this
    /// address.
    /// </summary>
    public string MainAddress { get; init; } = "127.0.0.1";

    /// <summary>The port that rank 0 listens at: the user's own <c>MASTER_PORT</c>, default 29500.</summary>
    public int MainPort { get; init; } = DefaultMainPort;

    /// <summary>
    /// Where a program of rank 0 listens: every interface, because the other nodes come from outside; loopback where <c>MASTER_ADDR</c> was
    /// set to a loopback address, as the engine on this machine does.
    /// </summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// The job's id without the part that names a node (<c>id#3</c>), so that it is the same on every node; null outside a job.
    /// </summary>
    public string? JobId { get; init; }

    /// <summary>Which attempt of the job this is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The child's index in an array job, from 0; null outside one.</summary>
    public int? ArrayIndex { get; init; }

    /// <summary>How many children the array job has; null if it is not known.</summary>
    public int? ArraySize { get; init; }

    /// <summary>
    /// The job's index in its sweep, from 0; null outside one. The same where the sweep is resumed, which <see cref="ArrayIndex"/> need not
    /// be.
    /// </summary>
    public int? SweepIndex { get; init; }

    /// <summary>Whether this is rank 0.</summary>
    public bool IsMain => Rank == 0;

    /// <summary>Reads the environment of a process. Every variable that makes no sense is one problem RF7006.</summary>
    public static Result<Worker> FromEnvironment(IReadOnlyDictionary<string, string> environment) =>
        new WorkerVariables(environment).Read();

    /// <summary>
    /// The variables that torchrun would set, in ordinal order of their names; local ranks are 0 of 1 because there is one worker a node.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> TorchVariables()
    {
        string rank = Rank.ToString(CultureInfo.InvariantCulture);
        return
        [
            new("GROUP_RANK", rank),
            new("LOCAL_RANK", "0"),
            new("LOCAL_WORLD_SIZE", "1"),
            new("MASTER_ADDR", MainAddress),
            new("MASTER_PORT", MainPort.ToString(CultureInfo.InvariantCulture)),
            new("NODE_RANK", rank),
            new("RANK", rank),
            new("WORLD_SIZE", WorldSize.ToString(CultureInfo.InvariantCulture)),
        ];
    }
}
