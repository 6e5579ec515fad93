namespace Refrag.Acceptance.Tests.Served;

/// <summary>A server whose jobs are processes on simulated instances.</summary>
public sealed class ServedProcessFleet : ServedBatch
{
    protected override string[] Options => ["--fleet", "--runner", "process", "--instance-start", "1s"];
}
