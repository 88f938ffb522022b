using Laurel.App.Platform.Access;

namespace Laurel.App.Tests.Platform.Access;

public sealed class GrantsTests
{
    private static readonly string Page = Path.Combine(Checkout.Root, "docs/permissions.md");

    [Fact]
    public void Grants_are_those_of_the_committed_table() =>
        File.ReadAllLines(Page)
            .Where(l => Permissions.All.Any(p => l.StartsWith($"| `{p}` |", StringComparison.Ordinal))).Select(WithoutMeaning)
            .ShouldBe(Permissions.All.Select(Row));

    [Fact]
    public void Permissions_are_all_listed_once() =>
        Permissions.All.ShouldBe(typeof(Permissions).GetFields().Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!));

    private static string Row(string permission) =>
        $"| `{permission}` | {string.Join(" | ", Roles.All.Select(r => Cell(r, permission)))} |";

    private static string Cell(Role role, string permission) =>
        !Grants.Of(role).TryGetValue(permission, out var reach) ? "–"
        : Permissions.Reaching.Contains(permission) ? $"`{reach.Id()}`" : "yes";

    /// <summary>The last column explains, and is not compared.</summary>
    private static string WithoutMeaning(string row) => string.Join('|', row.Split('|')[..5]) + "|";
}
