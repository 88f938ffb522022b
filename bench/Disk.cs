namespace Laurel.Bench;

/// <summary>Where the benchmarks keep their databases.</summary>
internal static class Disk
{
    /// <summary>
    /// Says so where nothing that is written lasts: a file system in memory answers at once when it is asked to write to the disk, and
    /// figures of what is acknowledged would be far too good.
    /// </summary>
    public static void Warn()
    {
        var folder = Path.GetTempPath();
        if (new DriveInfo(folder).DriveFormat is not ("tmpfs" or "ramfs")) return;
        var warning = $"WARNING: {folder} lies in memory, where waiting for the disk costs nothing. These figures say nothing of durable "
            + "writes; set TMPDIR to a folder on a disk.";
        Console.WriteLine(warning);
        // Who keeps the output in a file is to see it, too.
        if (Console.IsOutputRedirected) Console.Error.WriteLine(warning);
    }
}
