namespace Refrag;

/// <summary>
/// What the system reports of a file without reading it. A file whose stamp is the same has the same content, unless it changed again
/// within one tick of its file system's clock.
/// </summary>
/// <param name="Bytes">The file's size.</param>
/// <param name="IsExecutable">Whether its owner may execute it.</param>
/// <param name="Modified">When its content was written last, in nanoseconds since 1970. Programs may set it.</param>
/// <param name="Changed">When the file was changed last in any way, in nanoseconds since 1970. On file systems of Linux no program sets
/// it; FAT and some network file systems give <see cref="Modified"/> for it.</param>
/// <param name="Number">The file's number in its file system (inode).</param>
/// <param name="Device">The file system.</param>
public readonly record struct FileStamp(long Bytes, bool IsExecutable, long Modified, long Changed, ulong Number, ulong Device);
