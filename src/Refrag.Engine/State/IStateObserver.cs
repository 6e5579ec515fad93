using Refrag.Engine.Jobs;

namespace Refrag.Engine.State;

/// <summary>Hears of changes of the state, in the step that makes them.</summary>
internal interface IStateObserver
{
    /// <summary>A job has a new record.</summary>
    void OnJobChanged(Job job);

    /// <summary>A job queue, a compute environment or a scheduling policy was changed, made or removed.</summary>
    void OnQueuesChanged();
}
