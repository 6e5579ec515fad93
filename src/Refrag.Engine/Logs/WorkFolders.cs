namespace Refrag.Engine.Logs;

/// <summary>
/// The folders that processes start in, one for each attempt: a container of AWS begins with a file system of its own too. They are kept as
/// long as the attempt's log.
/// </summary>
/// <param name="root">Where they are; null for none: all processes start in one folder.</param>
internal sealed class WorkFolders(string? root)
{
    /// <summary>The folder of a node, or of one container of its task; null if there are none.</summary>
    /// <param name="taskId">The id of the node's task.</param>
    /// <param name="container">Which container, of a task of several.</param>
    public string? Of(string taskId, int? container = null)
    {
        if (root is null) return null;
        string task = Path.Combine(root, taskId);
        return container is { } number ? Path.Combine(task, $"{number}") : task;
    }

    /// <summary>Removes what the attempt of a log stream has left, whose name ends with the task's id.</summary>
    public void Remove(LogStreamInfo stream)
    {
        if (Of(stream.Name[(stream.Name.LastIndexOf('/') + 1)..]) is not { } folder) return;
        try
        {
            PrivateFiles.RemoveFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A program may leave files that cannot be removed; the log goes nevertheless.
        }
    }
}
