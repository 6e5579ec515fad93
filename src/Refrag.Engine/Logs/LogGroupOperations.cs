using System.Net;
using Refrag.Aws;
using Refrag.Aws.Logs;

namespace Refrag.Engine.Logs;

/// <summary>CreateLogGroup, DeleteLogGroup, PutRetentionPolicy and DeleteRetentionPolicy.</summary>
internal static class LogGroupOperations
{
    // API PutRetentionPolicy.retentionInDays
    private static readonly int[] s_days =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    /// <summary>Makes a group. Batch's own, which a new account does not have, can be made once too.</summary>
    public static CreateLogGroupResponse Create(LogStore store, CreateLogGroupRequest request)
    {
        string name = request.LogGroupName;
        if (store.Groups.Find(name) is not null || (name != LogQueries.Group && LogQueries.HasGroup(store, name)))
            throw new LogsException("CreateLogGroup",
                new AwsError("ResourceAlreadyExistsException", "The specified log group already exists", HttpStatusCode.BadRequest));
        store.Groups.Put(new LogGroupInfo(name, store.Now));
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
        Set(store, "PutRetentionPolicy", request.LogGroupName, days);
        return new PutRetentionPolicyResponse();
    }

    /// <summary>Takes the retention of a group away.</summary>
    public static DeleteRetentionPolicyResponse Keep(LogStore store, DeleteRetentionPolicyRequest request)
    {
        Set(store, "DeleteRetentionPolicy", request.LogGroupName, null);
        return new DeleteRetentionPolicyResponse();
    }

    private static void Set(LogStore store, string operation, string name, int? days)
    {
        LogQueries.DemandGroup(store, operation, name);
        store.Groups.Put((store.Groups.Find(name) ?? new LogGroupInfo(name, store.Now)) with { RetentionInDays = days });
    }
}
