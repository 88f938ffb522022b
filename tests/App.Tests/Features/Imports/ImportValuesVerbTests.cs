using System.Text.Json;
using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Imports;

public sealed class ImportValuesVerbTests : IDisposable
{
    private readonly LaurelProgram laurel = new();

    public void Dispose() => laurel.Dispose();

    [Fact]
    public async Task Values_of_files_are_taken_once_and_what_is_wrong_is_rejected_by_itself()
    {
        (await laurel.Run("apply", laurel.Write("setup.yaml", """
            site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
            people: [ { id: greta }, { id: jonas } ]
            metrics: [ { id: csat, external: true, unit: percent, aggregate: average }, { id: sales, external: true } ]
            """))).Exit.ShouldBe(0);
        var csat = laurel.Write("csat.csv",
            "person;date;value;count;team\ngreta;2026-03-02;92,5;3;care\njonas;2026-03-02;80;;care\nghost;2026-03-02;1;;\n");
        var sales = laurel.Write("sales.csv",
            "id,type,metric,person,date,value\n,,sales,greta,2026-03-02,10\n"
            + "o-1,cumulative,sales,greta,2026-03-02,2.5\n"
            + ",,sales,jonas,2026-03-02,\nx\n,,nothing,jonas,2026-03-02,1\n,,sales,jonas,2026-03-02,\"1,5\"\n");

        var first = await laurel.Run("values", "import", csat, "--metric", "csat");
        first.Exit.ShouldBe(0, first.Says);
        first.Err.ShouldContain("csat.csv:4: there is no person 'ghost'");
        first.Out.ShouldContain("accepted                2");
        var second = await laurel.Run("values", "import", csat, sales, "--metric", "csat", "--rejects", "rejects.csv", "--json");
        second.Exit.ShouldBe(0, second.Says);
        var report = JsonDocument.Parse(second.Out).RootElement;
        (report.GetProperty("read").GetInt32(), report.GetProperty("accepted").GetInt32(), report.GetProperty("duplicate").GetInt32(),
            report.GetProperty("rejected").GetInt32()).ShouldBe((9, 2, 3, 4), second.Says);
        var rejects = await File.ReadAllTextAsync(Path.Combine(laurel.Folder, "rejects.csv"));
        rejects.ShouldContain("sales.csv,5,\"1 columns, where the first line has 6\",x");
        rejects.ShouldContain("there is no external metric 'nothing'");
        rejects.ShouldContain("'1,5' is no number");
        (await Values("sales", "day")).ShouldBe("greta,2026-03-02,12.5\n");
        (await Values("csat", "all")).ShouldBe("greta,all,92.5\njonas,all,80\n");
        (await laurel.Run("verify")).Exit.ShouldBe(0);
    }

    private async Task<string> Values(string metric, string by) =>
        (await laurel.Run("values", "--metric", metric, "--by", by)).Out.ReplaceLineEndings("\n")["person,period,value\n".Length..];

    [Fact]
    public async Task What_cannot_be_begun_or_read_is_said_with_its_exit_code()
    {
        (await laurel.Run("values")).Exit.ShouldBe(2);
        var nothing = await laurel.Run("values", "import", "nowhere.csv");
        (nothing.Exit, nothing.Err).ShouldBe((2, "laurel: there is no file nowhere.csv\n"));
        (await laurel.Run("apply", laurel.Write("site.yaml", "site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }\n"))).Exit
            .ShouldBe(0);
        var empty = laurel.Write("empty.csv", "person,date,value\n");
        var unknown = await laurel.Run("values", "import", empty, "--metric", "csat");
        (unknown.Exit, unknown.Err).ShouldBe((2, "laurel: there is no external metric 'csat'\n"));
        var missing = await laurel.Run("values", "import", laurel.Write("half.csv", "who,date,value,metric\n"));
        missing.Exit.ShouldBe(1);
        missing.Err.ShouldContain("half.csv:1: there is no column 'person'");
        (await laurel.Run("values", "import", empty)).Exit.ShouldBe(1, "metric is in no column and in no option");
    }
}
