namespace Refrag.Budgets;

/// <summary>What happens to a submission that a budget has no room for.</summary>
public enum BudgetRule
{
    /// <summary>It is sent, with a warning.</summary>
    Warn,

    /// <summary>It is refused, unless someone whom the budget names asks for it.</summary>
    Refuse,
}

/// <summary>The jobs that a budget is for: all, those of a queue, or those with a tag.</summary>
/// <param name="Queue">The name of the queue; null for every queue.</param>
/// <param name="Tag">The name of the tag; null for jobs with any tags.</param>
/// <param name="Value">The tag's value; <see cref="Each"/> for a budget of its own for each value.</param>
public sealed record BudgetScope(string? Queue = null, string? Tag = null, string? Value = null)
{
    /// <summary>The value that stands for each value.</summary>
    public const string Each = "*";

    /// <summary>The tag that names the user.</summary>
    public const string UserTag = "user";

    /// <summary>
    /// Which budget a job counts to: of a budget for each value the value, otherwise the scope in words; null for a job that does not
    /// belong to it.
    /// </summary>
    /// <param name="queue">The name of the job's queue.</param>
    /// <param name="tags">The job's tags.</param>
    public string? KeyOf(string queue, IReadOnlyDictionary<string, string> tags)
    {
        if (Queue is { } wanted && !Monitoring.AwsNames.Same(wanted, queue)) return null;
        if (Tag is null) return ToString();
        if (!tags.TryGetValue(Tag, out string? value)) return null;
        return Value == Each ? With(value) : value == Value ? ToString() : null;
    }

    /// <summary>In words: <c>all jobs</c>, <c>queue gpu</c>, <c>project=vision</c>.</summary>
    public override string ToString() => Queue is not null ? $"queue {Queue}" : Tag is not null ? With(Value) : "all jobs";

    private string With(string? value) => $"{Tag}={value}";
}

/// <summary>How much jobs may cost in a calendar month of UTC.</summary>
public sealed record Budget
{
    /// <summary>From what part on it warns, unless it says otherwise.</summary>
    public const decimal UsualWarning = 0.8m;

    /// <summary>Its name, which no other has.</summary>
    public required string Name { get; init; }

    /// <summary>USD a month, above 0.</summary>
    public required decimal Usd { get; init; }

    /// <summary>The jobs that count to it.</summary>
    public BudgetScope Scope { get; init; } = new();

    /// <summary>From what part of it on each submission is warned, from 0 to 1.</summary>
    public decimal WarnAt { get; init; } = UsualWarning;

    /// <summary>What happens to a submission that it has no room for.</summary>
    public BudgetRule Over { get; init; }

    /// <summary>Users who may exceed it, as the tag <c>user</c> names them.</summary>
    public IReadOnlyList<string> MayExceed { get; init; } = [];
}
