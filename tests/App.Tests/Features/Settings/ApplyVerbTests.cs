using Dapper;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Storage;

namespace Laurel.App.Tests.Features.Settings;

public sealed class ApplyVerbTests : IDisposable
{
    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta, email: greta@example.org } ]
        """;
    private readonly LaurelProgram laurel = new();

    public void Dispose() => laurel.Dispose();

    [Fact]
    public async Task Plan_without_a_database_makes_none()
    {
        laurel.Write("setup.yaml", Setup);
        var ran = await laurel.Run("apply", "setup.yaml", "--plan", "--database", "data/laurel.db");
        ran.ShouldBe(new(0, "add site vilnius\nadd person greta\n2 changes planned.\n", ""));
        laurel.Files.ShouldBe(["setup.yaml"]);
    }

    [Fact]
    public async Task Plan_works_beside_the_database_s_owner_and_changes_no_byte_of_it()
    {
        laurel.Write("setup.yaml", Setup);
        (await laurel.Run("apply", "setup.yaml", "--database", "laurel.db")).Exit.ShouldBe(0);
        laurel.Write("setup.yaml", Setup + "\nteams: [ { id: care } ]\n");
        var path = Path.Combine(laurel.Folder, "laurel.db");
        var (before, files) = (await File.ReadAllBytesAsync(path), laurel.Files);

        using (DatabaseOwner.Take(path))
            (await laurel.Run("apply", "setup.yaml", "--plan", "--database", "laurel.db"))
                .ShouldBe(new(0, "add team care\n1 change planned.\n", ""));

        (await File.ReadAllBytesAsync(path)).ShouldBe(before);
        laurel.Files.ShouldBe(files);
    }

    [Fact]
    public async Task Plan_on_the_database_of_an_older_Laurel_leaves_it_as_it_is()
    {
        laurel.Write("setup.yaml", Setup);
        (await laurel.Run("apply", "setup.yaml", "--database", "laurel.db")).Exit.ShouldBe(0);
        using (var database = new SqliteDatabase(Path.Combine(laurel.Folder, "laurel.db")))
            database.Write((c, t) => c.Execute("DROP TABLE achievement_span; DELETE FROM migration WHERE number > 3", transaction: t));
        (await laurel.Run("apply", "setup.yaml", "--plan", "--database", "laurel.db")).ShouldBe(new(0, "Nothing to change.\n", ""));
    }

    [Fact]
    public async Task File_with_problems_is_refused_with_lines_and_columns_and_makes_no_database()
    {
        laurel.Write("setup.yaml", Setup.Replace("greta@", "greta-", StringComparison.Ordinal) + "\nteams: [ { id: care, nam: Care } ]\n");
        (await laurel.Run("apply", "setup.yaml", "--database", "data/laurel.db")).ShouldBe(new(2, "",
            "setup.yaml:2:31: 'greta-example.org' is not an e-mail address\nsetup.yaml:3:22: unknown key 'nam' (did you mean 'name'?)\n"));
        laurel.Files.ShouldBe(["setup.yaml"]);
    }

    [Fact]
    public async Task Set_of_the_catalogue_is_planned_installed_and_then_there()
    {
        laurel.Write("setup.yaml", Setup);
        (await laurel.Run("apply", "setup.yaml", "--database", "laurel.db")).Exit.ShouldBe(0);
        string[] closer = ["apply", "--catalogue", "sales", "--only", "closer", "--database", "laurel.db"];
        const string Changes = "add activity type sale-closed\nadd metric sales-closed\nadd achievement closer\n";
        (await laurel.Run([.. closer, "--plan"])).ShouldBe(new(0, Changes + "3 changes planned.\n", ""));
        (await laurel.Run(closer)).ShouldBe(new(0, Changes + "3 changes made.\n", ""));
        (await laurel.Run(closer)).ShouldBe(new(0, "Nothing to change.\n", ""));
        (await laurel.Run("apply", "--catalogue", "paths", "--only", "first-look", "--database", "laurel.db")).ShouldBe(
            new(0, "offered reviewers, 1 not installed: nobody sends review-completed\nNothing to change.\n", ""));
    }

    [Theory]
    [InlineData("--catalogue sale", "laurel: the catalogue has no set 'sale' (did you mean 'sales'?)\n")]
    [InlineData("--catalogue sales --only clser", "laurel: the set 'sales' has no achievement 'clser' (did you mean 'closer'?)\n")]
    [InlineData("setup.yaml --catalogue sales", "laurel: name a setup file or --catalogue, not both\n")]
    [InlineData("", "laurel: name a setup file, or a set of the catalogue: --catalogue starter\n")]
    public async Task Catalogue_that_cannot_be_meant_is_refused(string words, string why) =>
        (await laurel.Run(["apply", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)])).ShouldBe(new(2, "", why));

    [Fact]
    public async Task Problem_with_what_is_there_is_refused_with_line_and_column()
    {
        laurel.Write("setup.yaml", Setup);
        (await laurel.Run("apply", "setup.yaml", "--database", "laurel.db")).Exit.ShouldBe(0);
        laurel.Write("more.yaml", "people: [ { id: jonas, email: Greta@example.org } ]\n");
        (await laurel.Run("apply", "more.yaml", "--database", "laurel.db")).ShouldBe(new(2, "",
            "more.yaml:1:31: 'greta@example.org' is the e-mail address of 'greta' already\n"));
    }
}
