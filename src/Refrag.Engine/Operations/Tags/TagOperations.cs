using Refrag.Aws.Batch;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.Tags;

/// <summary>TagResource, UntagResource and ListTagsForResource, for everything that has tags.</summary>
internal sealed class TagOperations(EngineState state)
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    public TagResourceResponse Tag(TagResourceRequest request)
    {
        Change(request.ResourceArn, before =>
        {
            var after = new Dictionary<string, string>(before);
            foreach (var (key, value) in request.Tags) after[key] = value;
            return ResourceRules.Tags(after);
        });
        return new TagResourceResponse();
    }

    public UntagResourceResponse Untag(UntagResourceRequest request)
    {
        Change(request.ResourceArn, before => before.Where(pair => !request.TagKeys.Contains(pair.Key)).ToDictionary());
        return new UntagResourceResponse();
    }

    public ListTagsForResourceResponse List(ListTagsForResourceRequest request)
    {
        IReadOnlyDictionary<string, string> tags = s_none;
        Change(request.ResourceArn, before => tags = before, isWritten: false);
        return new ListTagsForResourceResponse { Tags = tags };
    }

    private void Change(
        string arn, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change, bool isWritten = true)
    {
        if (LocalArn.Parse(arn) is not var (kind, name)) throw new Refusal($"\"{arn}\" is not the ARN of something that Batch has.");
        bool isThere = kind switch
        {
            ResourceKinds.ComputeEnvironment =>
                Change(state.ComputeEnvironments, name, one => one.Tags, (one, tags) => one with { Tags = tags }, change, isWritten),
            ResourceKinds.JobQueue =>
                Change(state.JobQueues, name, one => one.Tags, (one, tags) => one with { Tags = tags }, change, isWritten),
            ResourceKinds.SchedulingPolicy =>
                Change(state.SchedulingPolicies, name, one => one.Tags, (one, tags) => one with { Tags = tags }, change, isWritten),
            ResourceKinds.ConsumableResource =>
                Change(state.ConsumableResources, name, one => one.Tags, (one, tags) => one with { Tags = tags }, change, isWritten),
            ResourceKinds.ServiceEnvironment =>
                Change(state.ServiceEnvironments, name, one => one.Tags, (one, tags) => one with { Tags = tags }, change, isWritten),
            ResourceKinds.QuotaShare =>
                Change(state.QuotaShares, name, one => one.Tags, (one, tags) => one with { Tags = tags }, change, isWritten),
            ResourceKinds.JobDefinition => ChangeDefinition(name, change, isWritten),
            ResourceKinds.Job or ResourceKinds.ServiceJob => ChangeJob(name, change, isWritten),
            _ => false,
        };
        if (!isThere || !state.Arns.MayName(arn)) throw new Refusal($"Resource {arn} does not exist.");
    }

    private static bool Change<T>(
        ResourceTable<T> table, string name, Func<T, IReadOnlyDictionary<string, string>?> read,
        Func<T, IReadOnlyDictionary<string, string>, T> write,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change, bool isWritten)
        where T : class
    {
        if (!table.TryGet(name, out T? one)) return false;
        IReadOnlyDictionary<string, string> after = change(read(one) ?? s_none);
        if (isWritten) table.Put(write(one, after));
        return true;
    }

    private bool ChangeDefinition(
        string name, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change, bool isWritten)
    {
        if (state.Definitions.Revision(name) is not { } one) return false;
        IReadOnlyDictionary<string, string> after = change(one.Tags ?? s_none);
        if (isWritten) state.Definitions.Put(one with { Tags = after });
        return true;
    }

    private bool ChangeJob(string id, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>> change, bool isWritten)
    {
        if (JobIds.Submission(id) != id)
            throw new Refusal($"{id} is a part of a job, and has no tags of its own. Name the whole job {JobIds.Submission(id)}.");
        if (state.Find(id) is not { } job) return false;
        IReadOnlyDictionary<string, string> after = change(job.Tags ?? job.Plan.Tags ?? s_none);
        if (!isWritten) return true;
        // A job that has ended stays where it is: on disk.
        if (state.Jobs.TryGet(id, out _)) state.Put(job with { Tags = after });
        else state.Outgoing.Changes.Put(job with { Tags = after }, isNew: false);
        return true;
    }
}
