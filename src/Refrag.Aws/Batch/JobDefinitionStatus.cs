namespace Refrag.Aws.Batch;

/// <summary>The states of a job definition's revision, which Batch's model has no enumeration for. (API JobDefinition, status)</summary>
public static class JobDefinitionStatus
{
    /// <summary>Jobs can name it.</summary>
    public const string Active = "ACTIVE";

    /// <summary>It was deregistered.</summary>
    public const string Inactive = "INACTIVE";
}
