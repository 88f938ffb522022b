using System.Diagnostics;
using Dapper;
using Laurel.Storage;

namespace Laurel.App.Tests.Platform;

/// <summary>
/// A small disk that can be filled: a tmpfs of its own where it may be mounted (as root), else a database file that SQLite may not let
/// grow, which is refused with the same error.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string filler;
    private Database? limited;
    private bool full;

    public SmallDisk(int megabytes)
    {
        Folder = Directory.CreateTempSubdirectory("laurel-disk-").FullName;
        filler = Path.Combine(Folder, "filler");
        IsReal = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", Folder);
    }

    public string Folder { get; }

    /// <summary>Whether it is a disk, and not SQLite that plays one.</summary>
    public bool IsReal { get; }

    /// <summary>Leaves no room, or so much.</summary>
    public void Fill(Database database, int left = 0)
    {
        full = true;
        if (!IsReal)
        {
            limited ??= Watched(database);
            Limit(database, 1);
            return;
        }
        using var file = new FileStream(filler, FileMode.Create);
        var some = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(some);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
        if (left > 0) file.SetLength(Math.Max(0, file.Length - left));
    }

    public void MakeRoom()
    {
        full = false;
        if (IsReal) File.Delete(filler);
        else if (limited is not null) Limit(limited, 1 << 30);
    }

    // The limit is of a connection: the next one gets it before anybody writes.
    private Database Watched(Database database)
    {
        database.Undone += (_, _) =>
        {
            if (full) Limit(database, 1);
        };
        return database;
    }

    private static void Limit(Database database, int pages) =>
        database.Write((c, t) => c.Execute($"PRAGMA max_page_count = {pages}", transaction: t));

    private static bool Run(string command, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true, UseShellExecute = false };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    public void Dispose()
    {
        if (IsReal) Run("umount", "-l", Folder);
        Directory.Delete(Folder, recursive: true);
    }
}
