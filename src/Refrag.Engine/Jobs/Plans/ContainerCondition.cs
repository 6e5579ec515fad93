namespace Refrag.Engine.Jobs.Plans;

/// <summary>What another container of the task must have come to before a container starts. (API TaskContainerDependency)</summary>
internal static class ContainerCondition
{
    /// <summary>The other has started.</summary>
    public const string Start = "START";

    /// <summary>It has ended, whatever its exit code.</summary>
    public const string Complete = "COMPLETE";

    /// <summary>It has ended with 0.</summary>
    public const string Success = "SUCCESS";
}
