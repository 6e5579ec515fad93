namespace Refrag.Aws.Events;

/// <summary>An event that AWS Batch would send to EventBridge.</summary>
public abstract record BatchEvent
{
    private protected BatchEvent()
    {
    }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>EventBridge's <c>detail-type</c>.</summary>
    public abstract string DetailType { get; }

    /// <summary>The ARNs of what it happened to: the job first.</summary>
    public abstract IReadOnlyList<string> Resources { get; }
}
