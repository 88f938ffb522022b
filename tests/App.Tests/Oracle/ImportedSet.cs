using System.Diagnostics;

namespace Laurel.App.Tests.Oracle;

/// <summary>A data set through the program's own verbs, into its own database, with the mapping and the set-up of its sample.</summary>
internal sealed class ImportedSet(string sample) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("laurel-oracle-").FullName;

    public static string[] FullFiles(string sample) => sample == "bank-calls"
        ? [.. ((string[])["january", "february", "march", "april", "may"])
            .Select(month => Path.Combine(DataSets.FullData, "bank-calls-1999", month + ".txt.gz"))]
        : [Path.Combine(DataSets.FullData, "servicenow-incidents", "incident_event_log.csv.gz")];

    public static string[] SampleFiles(string sample) =>
        [.. Directory.GetFiles(DataSets.Sample(sample), "*.gz").Order(StringComparer.Ordinal)];

    public static OracleHistory Oracle(string sample, string[] files) => Oracle(sample, files, DataSets.Sample(sample, "setup.yaml"));

    public static OracleHistory Oracle(string sample, string[] files, string setup) => new(
        OracleSetup.Read(setup), sample == "bank-calls" ? BankCallRows.Read(files) : IncidentRows.Read(files));

    public void Apply() => Run("apply", DataSets.Sample(sample, "setup.yaml"));

    /// <summary>With achievements of more kinds; gives the file.</summary>
    public string ApplyWithRows()
    {
        var file = Path.Combine(folder, "with-rows.yaml");
        var more = Path.Combine(Checkout.Root, "tests/App.Tests/Oracle/rows.yaml");
        File.WriteAllText(file, $"{File.ReadAllText(DataSets.Sample(sample, "setup.yaml")).TrimEnd()}\n{File.ReadAllText(more)}");
        Run("apply", file);
        return file;
    }

    /// <summary>All but the achievements, which a later <see cref="Apply"/> brings.</summary>
    public void ApplyWithoutAchievements()
    {
        var setup = File.ReadAllText(DataSets.Sample(sample, "setup.yaml"));
        var file = Path.Combine(folder, "setup.yaml");
        File.WriteAllText(file, setup[..setup.IndexOf("\nachievements:", StringComparison.Ordinal)]);
        Run("apply", file);
    }

    public void Import(params string[] files) => Run(["import", .. files, "--mapping", DataSets.Sample(sample, "mapping.yaml")]);

    /// <summary>The lines without the header.</summary>
    public string[] Awards() => Lines(Run("awards", "--format", "csv"), "achievement,tier,person,period,earned_at,value");

    public string[] Values(string metric, string range) => Lines(Run("values", "--metric", metric, "--by", range), "person,period,value");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string[] Lines(string output, string header)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe(header);
        return lines[1..];
    }

    private string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "laurel.dll") },
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--database");
        start.ArgumentList.Add(Path.Combine(folder, "laurel.db"));
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"laurel {string.Join(' ', arguments)}: {errors.Result}");
        return output.ReplaceLineEndings("\n");
    }
}
