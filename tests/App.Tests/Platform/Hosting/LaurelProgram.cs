using System.Diagnostics;
using System.Text;

namespace Laurel.App.Tests.Platform.Hosting;

/// <summary>What a run of the program said, and its exit code.</summary>
internal sealed record Ran(int Exit, string Out, string Err)
{
    public string Says => $"exit {Exit}\n{Out}{Err}";
}

/// <summary>The program itself, as whoever types <c>laurel VERB</c> meets it, in a folder of its own.</summary>
internal sealed class LaurelProgram : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(240);

    public string Folder { get; } = Directory.CreateTempSubdirectory("laurel-program-").FullName;

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFileSystemEntries(Folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Folder, f)).Order()];

    public async Task<Ran> Run(params string[] arguments)
    {
        using var process = Begin(arguments);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Longest);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"laurel {string.Join(' ', arguments)} did not end; it said: {await said}{await complained}", late);
        }
        return new(process.ExitCode, await said, await complained);
    }

    /// <summary>A program that goes on, such as a server; the caller ends it.</summary>
    public Process Begin(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "laurel.dll"), .. arguments])
        {
            WorkingDirectory = Folder, UseShellExecute = false,
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
