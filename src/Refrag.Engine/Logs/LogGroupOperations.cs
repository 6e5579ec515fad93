using System.Net;
using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Logs;

/// <summary>CreateLogGroup, DeleteLogGroup, PutRetentionPolicy and DeleteRetentionPolicy, and the tags of groups.</summary>
internal static class LogGroupOperations
{
    // API PutRetentionPolicy.retentionInDays
    private static readonly int[] s_days =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    // API TagResource: at most 50 of a group.
    private const int MostTags = 50;

    /// <summary>Makes a group. Batch's own, which a new account does not have, can be made once too.</summary>
    public static CreateLogGroupResponse Create(LogStore store, CreateLogGroupRequest request)
    {
        string name = request.LogGroupName;
        if ((name != LogQueries.Group && LogQueries.HasGroup(store, name))
            || !store.Groups.Add(new LogGroupInfo(name, store.Now, Tags: request.Tags)))
            throw new LogsException("CreateLogGroup",
                new AwsError("ResourceAlreadyExistsException", "The specified log group already exists", HttpStatusCode.BadRequest));
        return new CreateLogGroupResponse();
    }

    /// <summary>Removes a group and the streams in it to which no job prints.</summary>
    public static DeleteLogGroupResponse Delete(LogStore store, DeleteLogGroupRequest request)
    {
        LogQueries.DemandGroup(store, "DeleteLogGroup", request.LogGroupName);
        store.Groups.Remove(request.LogGroupName);
        store.RemoveStreams(request.LogGroupName);
        return new DeleteLogGroupResponse();
    }

    /// <summary>Notes how long a group's events are wanted.</summary>
    public static PutRetentionPolicyResponse Retain(LogStore store, PutRetentionPolicyRequest request)
    {
        if (request.RetentionInDays is not { } days || !s_days.Contains(days))
            throw LogQueries.Invalid(
                "PutRetentionPolicy", $"retentionInDays must be one of {string.Join(", ", s_days)}; got {request.RetentionInDays}.");
        Change(store, "PutRetentionPolicy", request.LogGroupName, group => group with { RetentionInDays = days });
        return new PutRetentionPolicyResponse();
    }

    /// <summary>Takes the retention of a group away.</summary>
    public static DeleteRetentionPolicyResponse Keep(LogStore store, DeleteRetentionPolicyRequest request)
    {
        Change(store, "DeleteRetentionPolicy", request.LogGroupName, group => group with { RetentionInDays = null });
        return new DeleteRetentionPolicyResponse();
    }

    /// <summary>The tags of a group.</summary>
    public static ListTagsForResourceResponse ListTags(LogStore store, ListTagsForResourceRequest request)
    {
        string name = LogQueries.GroupOf(store, request.ResourceArn, null);
        LogQueries.DemandGroup(store, "ListTagsForResource", name);
        return new ListTagsForResourceResponse { Tags = store.Groups.Find(name)?.Tags ?? new Dictionary<string, string>() };
    }

    /// <summary>Adds tags to a group, or changes their values.</summary>
    public static TagResourceResponse Tag(LogStore store, TagResourceRequest request)
    {
        Change(store, "TagResource", LogQueries.GroupOf(store, request.ResourceArn, null), group =>
        {
            Dictionary<string, string> tags = new(group.Tags ?? new Dictionary<string, string>());
            foreach ((string key, string value) in request.Tags) tags[key] = value;
            return tags.Count <= MostTags
                ? group with { Tags = tags }
                : throw new LogsException("TagResource", new AwsError(
                    "TooManyTagsException", $"A resource can have no more than {MostTags} tags.", HttpStatusCode.BadRequest));
        });
        return new TagResourceResponse();
    }

    /// <summary>Takes tags of a group away.</summary>
    public static UntagResourceResponse Untag(LogStore store, UntagResourceRequest request)
    {
        Change(store, "UntagResource", LogQueries.GroupOf(store, request.ResourceArn, null), group => group with
        {
            Tags = group.Tags?.Where(tag => !request.TagKeys.Contains(tag.Key)).ToDictionary(),
        });
        return new UntagResourceResponse();
    }

    private static void Change(LogStore store, string operation, string name, Func<LogGroupInfo, LogGroupInfo> change)
    {
        LogQueries.DemandGroup(store, operation, name);
        store.Groups.Update(name, group => change(group ?? new LogGroupInfo(name, store.Now)));
    }
}
