using System.Globalization;
using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Refrag.Runners.Processes;

/// <summary>
/// Ends the process groups that this process leaves behind when it is killed outright, and what is in its control groups, whatever session
/// that made for itself. A small shell, in a session of its own, holds a pipe from us and a file with the process groups; when the pipe
/// ends and something is left, it does what we would have done: SIGTERM, 30 s, SIGKILL; and it removes the control groups. Started with the
/// first group. Without /bin/sh there is no guard, and nothing else changes.
/// </summary>
/// <param name="cgroups">How the paths of all control groups begin whose processes end with this one; asked for when the first group
/// comes.</param>
internal sealed class OrphanGuard(Func<IEnumerable<string>>? cgroups = null) : IAsyncDisposable
{
    private const string Shell = "/bin/sh";

    // A group a line, all lines as long as the first, so that each can be written over. A file and not the pipe: no process wakes up for a
    // line.
    private const int LineBytes = 12;

    // It must outlive what kills us; only SIGKILL ends it early. With -s, because dash takes no group after `kill -TERM --`. The file is
    // its output. A process that is in a control group and in a process group is asked once: some programs take a second SIGTERM for
    // impatience. The sixth field of stat is the process group, and what stands before the state may hold spaces. A number in a control
    // group is still its own when it is signalled: it was read a moment before.
    private const string Script = """
        trap '' INT TERM HUP
        while read -r _; do :; done
        members() {
          for prefix; do
            for file in "$prefix"*/cgroup.procs; do
              [ -e "$file" ] && while read -r pid; do [ "$pid" -gt 1 ] && echo "$pid"; done <"$file"
            done
          done
        }
        group_of() { read -r line <"/proc/$1/stat" || return 1; set -- ${line##*') '}; group=$3; }
        groups=' '
        while read -r group; do [ -n "$group" ] && groups="$groups$group "; done <&1
        for group in $groups; do kill -s TERM -- "-$group"; done
        for pid in $(members "$@"); do
          group_of "$pid" || continue
          case $groups in *" $group "*) ;; *) kill -s TERM "$pid" ;; esac
        done
        left=30
        while [ $left -gt 0 ]; do
          alive=' '
          for group in $groups; do kill -s 0 -- "-$group" && alive="$alive$group "; done
          groups=$alive
          [ "$groups" = ' ' ] && [ -z "$(members "$@")" ] && break
          sleep 1
          left=$((left - 1))
        done
        for group in $groups; do kill -s KILL -- "-$group"; done
        tries=20
        while [ $tries -gt 0 ] && pids=$(members "$@") && [ -n "$pids" ]; do
          for pid in $pids; do kill -s KILL "$pid"; done
          sleep 0.1 || sleep 1
          tries=$((tries - 1))
        done
        for prefix; do rmdir "$prefix"*/; done
        """;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, int> _lines = [];
    private readonly Stack<int> _free = [];
    private AnonymousPipeServerStream? _pipe;
    private SafeFileHandle? _groups;
    private int _pid;
    private bool _useless;

    /// <summary>Watches over a process group.</summary>
    public void Add(int group)
    {
        lock (_lock)
        {
            if (_pipe is null && !_useless) Start();
            int line = _lines[group] = _free.TryPop(out int free) ? free : _lines.Count;
            Write(line, group.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// Forgets a process group; called while its leader is still uncollected, so that no other process has its number yet.
    /// </summary>
    public void Remove(int group)
    {
        lock (_lock)
        {
            if (!_lines.Remove(group, out int line)) return;
            _free.Push(line);
            Write(line, "");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_pipe is null) return;
        using var children = new ChildWatch();
        await _pipe.DisposeAsync();
        // With no group left the shell ends as soon as it sees the end of the pipe.
        await children.WhenEnded(_pid);
        ChildStatus.Collect(_pid);
        lock (_lock)
        {
            _groups?.Dispose();
            (_groups, _pipe, _useless) = (null, null, true);
        }
    }

    private void Start()
    {
        if (UnnamedFile.TryMake() is not { } groups)
        {
            _useless = true;
            return;
        }
        var pipe = new AnonymousPipeServerStream(PipeDirection.Out, HandleInheritability.None);
        var (pid, error) = Spawner.Spawn(new SpawnRequest
        {
            Path = Shell,
            Arguments = [Shell, "-c", Script, Shell, .. cgroups?.Invoke() ?? []],
            Environment = OwnPath(),
            WorkingDirectory = "/",
            Input = pipe.ClientSafePipeHandle,
            Output = groups,
        });
        pipe.DisposeLocalCopyOfClientHandle();
        if (error == 0) (_pipe, _groups, _pid) = (pipe, groups, pid);
        else
        {
            pipe.Dispose();
            groups.Dispose();
            _useless = true;
        }
    }

    private void Write(int line, string group)
    {
        if (_groups is null) return;
        Span<byte> bytes = stackalloc byte[LineBytes];
        bytes.Fill((byte)' ');
        Encoding.ASCII.GetBytes(group, bytes);
        bytes[^1] = (byte)'\n';
        try
        {
            RandomAccess.Write(_groups, bytes, (long)line * LineBytes);
        }
        catch (IOException)
        {
            // No room for it. The jobs are as well as before; only the net under them is gone.
        }
    }

    private static Dictionary<string, string> OwnPath() => new()
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
    };
}
