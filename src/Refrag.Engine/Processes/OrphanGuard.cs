using System.Globalization;
using System.IO.Pipes;
using System.Text;

namespace Refrag.Engine.Processes;

/// <summary>
/// Ends the process groups that this process leaves behind when it is killed outright. A small shell, in a session of its own, reads the
/// groups from a pipe; when the pipe ends and groups are left, it does what we would have done: SIGTERM, 30 s, SIGKILL. Started with the
/// first group. Where there is no /bin/sh there is no guard, and nothing else changes.
/// </summary>
internal sealed class OrphanGuard : IAsyncDisposable
{
    private const string Shell = "/bin/sh";

    // It must outlive what kills us; only SIGKILL ends it early. With -s, because dash takes no group after `kill -TERM --`.
    private const string Script = """
        trap '' INT TERM HUP
        groups=' '
        while read -r what group; do
          case $what in
            +) groups="$groups$group " ;;
            -) groups="${groups%% $group *} ${groups#* $group }" ;;
          esac
        done
        for group in $groups; do kill -s TERM -- "-$group"; done
        left=30
        while [ $left -gt 0 ]; do
          alive=' '
          for group in $groups; do kill -s 0 -- "-$group" && alive="$alive$group "; done
          groups=$alive
          [ "$groups" = ' ' ] && exit 0
          sleep 1
          left=$((left - 1))
        done
        for group in $groups; do kill -s KILL -- "-$group"; done
        """;

    private readonly Lock _lock = new();
    private AnonymousPipeServerStream? _pipe;
    private int _pid;
    private bool _useless;

    /// <summary>Watches over a process group.</summary>
    public void Add(int group)
    {
        lock (_lock)
        {
            if (_pipe is null && !_useless) Start();
            Tell('+', group);
        }
    }

    /// <summary>Forgets a process group; called while its leader is still uncollected, so that its number is not anybody else's yet.</summary>
    public void Remove(int group)
    {
        lock (_lock) Tell('-', group);
    }

    public async ValueTask DisposeAsync()
    {
        if (_pipe is null) return;
        using var children = new ChildWatch();
        await _pipe.DisposeAsync();
        // With no group left the shell ends as soon as it sees the end of the pipe.
        await children.WhenEnded(_pid);
        ChildStatus.Collect(_pid);
        _pipe = null;
        _useless = true;
    }

    private void Start()
    {
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        var (pid, error) = Spawner.Spawn(new SpawnRequest
        {
            Path = Shell,
            Arguments = [Shell, "-c", Script],
            Environment = OwnPath(),
            WorkingDirectory = "/",
            Input = pipe.ClientSafePipeHandle,
        });
        pipe.DisposeLocalCopyOfClientHandle();
        if (error == 0) (_pipe, _pid) = (pipe, pid);
        else
        {
            pipe.Dispose();
            _useless = true;
        }
    }

    private void Tell(char what, int group)
    {
        try
        {
            _pipe?.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {group}\n")));
        }
        catch (IOException)
        {
            // Somebody killed the guard. The jobs are as well as before; only the net under them is gone.
            _useless = true;
        }
    }

    private static Dictionary<string, string> OwnPath() => new()
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
    };
}
