using System.Diagnostics;
using System.Text;

namespace Laurel.Crash;

/// <summary>A process of the program as it was built. Killing is SIGKILL: nothing in it can be saved any more.</summary>
internal sealed class LaurelProcess : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder said = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LaurelProcess(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "laurel.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        // It lives for a second or two: nothing that the compiler learns for later pays.
        start.Environment["DOTNET_TieredPGO"] = "0";
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new Broken("laurel ended before it listened"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Whoever kills it does not wait for its address.
        _ = listening.Task.Exception;
    }

    public static LaurelProcess Serve(Place place) => new(["serve", "--database", place.Database, "--urls", "http://127.0.0.1:0"]);

    public static LaurelProcess Verb(Place place, params IEnumerable<string> arguments) =>
        new([.. arguments, "--database", place.Database]);

    public bool IsAlive => !process.HasExited;

    /// <summary>Its address, once it listens.</summary>
    public async Task<Uri> Listens()
    {
        try
        {
            return await listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (Exception failure) when (failure is Broken or TimeoutException)
        {
            throw new Broken($"laurel serve does not come back:\n{Said}");
        }
    }

    /// <summary>Waits for its end; its exit code.</summary>
    public async Task<int> Ends()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(150));
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new Broken($"laurel does not end:\n{Said}");
        }
        return process.ExitCode;
    }

    public void Kill()
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }

    /// <summary>What it printed, on both streams.</summary>
    public string Said
    {
        get { lock (said) return said.ToString(); }
    }

    /// <summary>The first defect that it told of; what passes by itself is a warning.</summary>
    public string? Defect => Said.Split('\n').SkipWhile(line => !line.StartsWith("fail:", StringComparison.Ordinal)
        && !line.StartsWith("crit:", StringComparison.Ordinal)).Take(12).ToList() is { Count: > 0 } lines ? string.Join('\n', lines) : null;

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (said) said.Append(line).Append('\n');
        const string Listens = "Laurel listens on ";
        if (line.StartsWith(Listens, StringComparison.Ordinal)) listening.TrySetResult(new Uri(line[Listens.Length..]));
    }

    public void Dispose()
    {
        Kill();
        process.Dispose();
    }
}
