namespace Refrag.Testcontainers;

/// <summary>An access key, as AWS clients take it.</summary>
public sealed class RefragAccessKey
{
    internal RefragAccessKey(string id, string secret) => (Id, Secret) = (id, secret);

    /// <summary>The access key id.</summary>
    public string Id { get; }

    /// <summary>The secret access key.</summary>
    public string Secret { get; }

    /// <summary>Says the id alone: the secret does not belong into a log.</summary>
    public override string ToString() => Id;
}
