using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary>The object of <c>refrag infra verify --json</c>: whether the deployed stack can run jobs.</summary>
internal sealed record VerifiedStack
{
    /// <summary>Whether everything is there and usable.</summary>
    public required bool Good { get; init; }

    /// <summary>What was checked.</summary>
    public required IReadOnlyList<VerifiedPart> Things { get; init; }

    public static VerifiedStack Of(IReadOnlyList<VerifiedThing> things) =>
        new() { Good = things.All(t => t.IsGood), Things = [.. things.Select(VerifiedPart.Of)] };
}

/// <summary>One thing that was checked.</summary>
internal sealed record VerifiedPart
{
    /// <summary>What was checked: <c>queue refrag-cpu-job-queue</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Whether it is there and usable.</summary>
    public required bool Good { get; init; }

    /// <summary>What may matter although it is usable; left out if nothing does.</summary>
    public string? Warning { get; init; }

    /// <summary>The code of the problem; left out if it is usable.</summary>
    public string? Code { get; init; }

    /// <summary>What is wrong; left out if it is usable.</summary>
    public string? What { get; init; }

    /// <summary>Why it is wrong, where that says more.</summary>
    public string? Cause { get; init; }

    /// <summary>What to do; left out if it is usable.</summary>
    public string? Cure { get; init; }

    public static VerifiedPart Of(VerifiedThing thing) => new()
    {
        Subject = thing.Subject,
        Good = thing.IsGood,
        Warning = thing.Warning,
        Code = thing.Problem?.Code,
        What = thing.Problem?.What,
        Cause = thing.Problem?.Cause,
        Cure = thing.Problem?.Cure,
    };
}
