namespace Refrag.Scheduling.QuotaShares;

/// <summary>What is in use of one capacity unit, in two books.</summary>
internal sealed class QuotaUse(long capacity)
{
    /// <summary>What the environment has.</summary>
    public long Capacity => capacity;

    /// <summary>As it is: with those that have been told to end, without those that wait for them.</summary>
    public QuotaBook Now { get; } = new();

    /// <summary>As it will be when those that have been told to end are gone, and those that wait for them have started.</summary>
    public QuotaBook Later { get; } = new();

    /// <summary>A job that has its capacity.</summary>
    public void Add(QuotaJob job)
    {
        Now.Change(job.Share, job.Count);
        if (job.State is not QuotaJobState.Stopping) Later.Change(job.Share, job.Count);
    }
}

/// <summary>What is in use, share by share.</summary>
internal sealed class QuotaBook
{
    private readonly Dictionary<string, long> _shares = new(StringComparer.Ordinal);

    /// <summary>All together.</summary>
    public long Total { get; private set; }

    /// <summary>What one share uses.</summary>
    public long Of(string share) => _shares.GetValueOrDefault(share);

    public void Change(string share, long by)
    {
        Total += by;
        _shares[share] = Of(share) + by;
    }
}
