"""Proposals of changes to the catalogue of disclosure."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from longsha_credit.audit.migrating import QuietMigration


class Migration(QuietMigration):

    dependencies = [
        ('directory', '0003_api_tokens'),
        ('disclosure', '0001_disclosure'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TopicProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic_version', models.PositiveIntegerField(null=True, verbose_name='针对第几版')),
                ('group', models.CharField(choices=[('service', '公共服务'), ('administration', '行政事务'), ('powers', '权责清单'), ('finance', '财务公开'), ('affairs', '居务公开'), ('credit', '行政管理信用信息'), ('results', '工作结果')], max_length=16, verbose_name='公开事项（一级）')),
                ('name', models.CharField(max_length=40, verbose_name='公开事项（二级）')),
                ('content', models.CharField(max_length=500, verbose_name='公开内容（要素）')),
                ('basis', models.CharField(max_length=300, verbose_name='公开依据')),
                ('limit_rule', models.CharField(max_length=30, verbose_name='公开时限')),
                ('frequency', models.CharField(blank=True, choices=[('site_news', '动态，随时更新'), ('topic_monthly', '每月'), ('topic_quarterly', '每季度'), ('site_policy', '每半年'), ('topic_yearly', '每年'), ('', '有变化时更新')], max_length=20, verbose_name='更新频次')),
                ('publisher', models.CharField(max_length=100, verbose_name='公开主体')),
                ('channels', models.CharField(max_length=200, verbose_name='公开渠道和载体')),
                ('audience', models.CharField(max_length=60, verbose_name='公开对象')),
                ('method', models.CharField(choices=[('active', '主动公开'), ('on_request', '依申请公开')], max_length=10, verbose_name='公开方式')),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('district', '区'), ('street', '街道'), ('community', '社区'), ('window', '窗口'), ('post', '岗位')], max_length=12), size=None, verbose_name='公开层级')),
                ('reason', models.CharField(max_length=300, verbose_name='提议理由')),
                ('state', models.CharField(choices=[('pending', '待定'), ('adopted', '已启用'), ('dropped', '已作废')], default='pending', max_length=10, verbose_name='状态')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='提议时间')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='决定时间')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提议人')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='决定人')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.organisation', verbose_name='单位')),
                ('topic', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='disclosure.topic', verbose_name='公开事项')),
            ],
            options={
                'verbose_name': '目录提议',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('name',), name='one_open_proposal_of_a_topic'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'pending')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'dropped')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'adopted'), ('topic__isnull', False), models.Q(('decided_by', models.F('created_by')), _negated=True)), _connector='OR'), name='proposal_adopted_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('topic__isnull', False), ('topic_version__isnull', False)), models.Q(('topic', None), ('topic_version', None)), models.Q(('state', 'adopted'), ('topic_version', None)), _connector='OR'), name='proposal_names_what_it_changes'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('content', ''), _negated=True), models.Q(('basis', ''), _negated=True), models.Q(('publisher', ''), _negated=True), models.Q(('channels', ''), _negated=True), models.Q(('audience', ''), _negated=True), models.Q(('reason', ''), _negated=True), ('levels__len__gte', 1)), name='proposal_is_whole')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topicproposal',
            trigger=pgtrigger.compiler.Trigger(name='proposal_stays_as_proposed', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.group IS DISTINCT FROM NEW.group OR OLD.name IS DISTINCT FROM NEW.name OR OLD.content IS DISTINCT FROM NEW.content OR OLD.basis IS DISTINCT FROM NEW.basis OR OLD.limit_rule IS DISTINCT FROM NEW.limit_rule OR OLD.frequency IS DISTINCT FROM NEW.frequency OR OLD.publisher IS DISTINCT FROM NEW.publisher OR OLD.channels IS DISTINCT FROM NEW.channels OR OLD.audience IS DISTINCT FROM NEW.audience OR OLD.method IS DISTINCT FROM NEW.method OR OLD.levels IS DISTINCT FROM NEW.levels OR OLD.organisation_id IS DISTINCT FROM NEW.organisation_id OR OLD.topic_version IS DISTINCT FROM NEW.topic_version OR OLD.reason IS DISTINCT FROM NEW.reason OR OLD.created_by_id IS DISTINCT FROM NEW.created_by_id OR OLD.created_at IS DISTINCT FROM NEW.created_at) AND NOT (FALSE) THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_stays_as_proposed', MESSAGE = 'proposal_stays_as_proposed: these columns do not change'; END IF; RETURN NEW;", hash='b64c1b6978b41ab80b1b09073a6e4169598e04db', operation='UPDATE', pgid='pgtrigger_proposal_stays_as_proposed_98abc', table='disclosure_topicproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topicproposal',
            trigger=pgtrigger.compiler.Trigger(name='decided_proposal_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF (OLD.state IS DISTINCT FROM NEW.state OR OLD.topic_id IS DISTINCT FROM NEW.topic_id OR OLD.decided_by_id IS DISTINCT FROM NEW.decided_by_id OR OLD.decided_at IS DISTINCT FROM NEW.decided_at) AND NOT (OLD.state = 'pending') THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_proposal_never_changes', MESSAGE = 'decided_proposal_never_changes: these columns do not change'; END IF; RETURN NEW;", hash='cccfb9a8b1f970a7399af7f83e01a82f341578c9', operation='UPDATE', pgid='pgtrigger_decided_proposal_never_changes_54809', table='disclosure_topicproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topicproposal',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'never_deleted', MESSAGE = 'never_deleted: rows are never removed';", hash='2975ec617b2a7fbce9716504df09cbb043b4d941', operation='DELETE', pgid='pgtrigger_never_deleted_9f64e', table='disclosure_topicproposal', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='topicproposal',
            trigger=pgtrigger.compiler.Trigger(name='never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION USING ERRCODE = 'check_violation', CONSTRAINT = 'never_truncated', MESSAGE = 'never_truncated: rows are never removed';", hash='ef60dd8d25627a446825a277676e9002d858c632', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_never_truncated_b0ea7', table='disclosure_topicproposal', when='BEFORE')),
        ),
    ]
