using System.Buffers;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>
/// One output stream of a child: a pipe that is always read, so that the child never waits, whatever happens to its lines.
/// </summary>
internal sealed class OutputPipe(OutputSource source, IOutputSink sink, TimeProvider time) : IAsyncDisposable
{
    private const int ChunkBytes = 32 * 1024;

    // Both ends are closed in every other child, and only ours is made non-blocking: the child's end is an ordinary pipe.
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);

    /// <summary>The end that the child writes to.</summary>
    public SafeHandle ChildEnd => _pipe.ClientSafePipeHandle;

    /// <summary>Closes the child's end here, after the child has its own copy: otherwise the pipe would never end.</summary>
    public void CloseChildEnd() => _pipe.DisposeLocalCopyOfClientHandle();

    /// <summary>Reads until the last writer is gone, or until cancelled, which is not an error: then what was read counts.</summary>
    public async Task PumpAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = default;
        var splitter = new LineSplitter(text => sink.Write(new OutputLine(now, source, text)));
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            int read;
            while ((read = await _pipe.ReadAsync(chunk, cancellationToken)) > 0)
            {
                now = time.GetUtcNow();
                splitter.Append(chunk.AsSpan(0, read));
                // What is kept of the output outlives this process from here on.
                sink.Flush();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // A process outside the group still holds the pipe; it had its time.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
        now = time.GetUtcNow();
        splitter.Finish();
        sink.Flush();
    }

    public ValueTask DisposeAsync() => _pipe.DisposeAsync();
}
