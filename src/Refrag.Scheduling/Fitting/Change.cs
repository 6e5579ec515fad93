using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Fitting;

/// <summary>A change after which a job that fits nothing fits.</summary>
public abstract record Change
{
    private protected Change() { }

    /// <summary>The change as a sentence without a final full stop.</summary>
    public abstract string Text { get; }
}

/// <summary>Ask for less.</summary>
/// <param name="To">The request that fits: lower only in the dimensions that were too large.</param>
/// <param name="Type">The instance type that then hosts the job.</param>
public sealed record LowerRequest(Amount To, InstanceType Type) : Change
{
    /// <inheritdoc/>
    public override string Text => $"ask for {To}, which fits {Type.Name}";
}

/// <summary>Let the compute environment have one more type.</summary>
/// <param name="Type">The type to add.</param>
public sealed record AddType(InstanceType Type) : Change
{
    /// <inheritdoc/>
    public override string Text => $"add {Type.Name} to the instance types";
}
