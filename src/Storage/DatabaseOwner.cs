using System.Globalization;
using System.Text;

namespace Laurel.Storage;

/// <summary>
/// One process owns a SQLite file at a time: two writers with caches of their own would each believe what the other has
/// changed. Held as a lock on FILE.lock, which the operating system drops when the process ends, however it ends.
/// </summary>
public sealed class DatabaseOwner : IDisposable
{
    private readonly FileStream held;

    private DatabaseOwner(FileStream held) => this.held = held;

    /// <summary>Linux' EWOULDBLOCK, and Windows' sharing violation: what the runtime says of a file that somebody else holds.</summary>
    private const int HeldOnLinux = 11, HeldOnWindows = unchecked((int)0x80070020);

    /// <summary>Null when another process has it.</summary>
    /// <exception cref="IOException">The file cannot be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public static DatabaseOwner? Take(string path)
    {
        var lockFile = Path.GetFullPath(path) + ".lock";
        Directory.CreateDirectory(Path.GetDirectoryName(lockFile)!);
        try
        {
            var file = new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // For the person who wonders who it is; the lock itself is the open file.
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new DatabaseOwner(file);
        }
        catch (IOException taken) when (taken.HResult is HeldOnLinux or HeldOnWindows)
        {
            return null;
        }
    }

    /// <summary>Since when a process has it, this one or another; null while nobody does.</summary>
    public static DateTimeOffset? HeldSince(string path)
    {
        var lockFile = Path.GetFullPath(path) + ".lock";
        try
        {
            // Whoever takes it writes who it is.
            using (new FileStream(lockFile, FileMode.Open, FileAccess.Read, FileShare.Read)) { }
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException taken) when (taken.HResult is HeldOnLinux or HeldOnWindows)
        {
            return new(File.GetLastWriteTimeUtc(lockFile), TimeSpan.Zero);
        }
    }

    /// <summary>The file stays: deleting it would let two processes lock two files of one name.</summary>
    public void Dispose() => held.Dispose();
}
