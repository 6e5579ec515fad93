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

    /// <summary>The account in which it happened, as the first ARN says; empty if that is none.</summary>
    public string Account => PartOfArn(4);

    /// <summary>The region in which it happened, as the first ARN says; empty if that is none.</summary>
    public string Region => PartOfArn(3);

    // arn:aws:batch:us-east-1:123456789012:job/…
    private string PartOfArn(int index) => Resources[0].Split(':').ElementAtOrDefault(index) ?? "";
}
